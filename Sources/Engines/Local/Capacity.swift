package import AgentProtocol
package import Resources

/// How many instances of what size fit on a machine: values in, decisions out.
///
/// The *limit* of an instance is the smaller of what its type offers and what the machine has. Its *reservation* is
/// that limit, scaled down so that at least four instances of any type fit; only a lack of reservation makes anyone
/// wait. GPUs are not shared: each belongs to one instance.
package struct Capacity: Sendable {
    private let machine: Machine
    private var places: [InstanceID: Place] = [:]

    /// Instances of any type that fit at least.
    private static let leastInstances = 4

    /// What one instance holds.
    package struct Place: Sendable, Equatable {
        package var owner: String
        package var reservation: Reservation
        package var gpus: [Int]
    }

    /// A part of the machine.
    package struct Reservation: Sendable, Equatable {
        /// CPUs; a fraction is fine, since CPUs are shared in time.
        package var cpus: Double
        /// Bytes.
        package var memory: Int
    }

    package init(machine: Machine) { self.machine = machine }

    /// Whether nobody holds anything.
    package var isFree: Bool { places.isEmpty }

    /// What an instance may use at most, and a sentence where that is less than its type offers.
    ///
    /// - Throws: `EngineError.impossible` if the type needs more GPUs than the machine has.
    package func limits(
        of type: InstanceType
    ) throws(EngineError) -> (limits: InstanceLimits, notice: String?) {
        guard type.gpus <= machine.gpus.count else {
            let has = machine.gpus.isEmpty ? "none" : "\(machine.gpus.count)"
            throw .impossible(
                "\(type.name) has \(type.gpus) GPU\(type.gpus == 1 ? "" : "s"), and this machine has \(has). "
                    + "Ask for an instance type without GPUs."
            )
        }
        let offered = Self.bytes(type.memoryGiB)
        let limits = InstanceLimits(cpus: min(type.vCPUs, machine.cpus), memory: min(offered, machine.memory))
        guard limits.cpus < type.vCPUs || limits.memory < offered else { return (limits, nil) }
        return (
            limits,
            "\(type.name) offers \(type.vCPUs) vCPUs and \(Self.text(offered)); this machine gives it "
                + "\(limits.cpus) and \(Self.text(limits.memory))."
        )
    }

    /// What an instance of this type holds of the machine.
    package func reservation(of type: InstanceType) throws(EngineError) -> Reservation {
        let (limits, _) = try limits(of: type)
        return Reservation(
            cpus: min(Double(limits.cpus), Double(machine.cpus) / Double(Self.leastInstances)),
            memory: min(limits.memory, machine.memory / Self.leastInstances)
        )
    }

    /// Whether there is room for instances of these types.
    ///
    /// - Throws: `EngineError.impossible` if they would not even fit alone.
    package func vacancy(for types: [InstanceType]) throws(EngineError) -> Vacancy {
        var wanted = Sum()
        for type in types { wanted.add(try reservation(of: type), gpus: type.gpus) }
        guard fits(wanted) else { throw .impossible(try sorry(types)) }
        wanted.add(held)
        return Vacancy(
            hasRoom: fits(wanted),
            more: try types.first.map { type throws(EngineError) in try most(type, beside: held) } ?? 0,
            holders: Set(places.values.map(\.owner)).sorted()
        )
    }

    /// Reserves places for all of `instances`, whatever their types, or for none.
    ///
    /// - Returns: The places, in the same order.
    /// - Throws: `EngineError.noRoom` if the fleet has to wait, `.impossible` if it would not even fit alone.
    package mutating func place(
        _ instances: [(id: InstanceID, type: InstanceType)],
        for owner: String
    ) throws(EngineError) -> [Place] {
        var wanted = Sum()
        let reservations = try instances.map { instance throws(EngineError) in
            try reservation(of: instance.type)
        }
        for (instance, each) in zip(instances, reservations) { wanted.add(each, gpus: instance.type.gpus) }
        guard fits(wanted) else { throw .impossible(try sorry(instances.map(\.type))) }
        wanted.add(held)
        guard fits(wanted) else { throw .noRoom(holders: Set(places.values.map(\.owner)).sorted()) }
        var free = machine.gpus.filter { index in !places.values.contains { $0.gpus.contains(index) } }[...]
        return zip(instances, reservations).map { instance, each in
            let place = Place(owner: owner, reservation: each, gpus: Array(free.prefix(instance.type.gpus)))
            free = free.dropFirst(instance.type.gpus)
            places[instance.id] = place
            return place
        }
    }

    /// Takes an instance back into the books that was placed before; the machine may be overfull then.
    package mutating func adopt(_ instance: InstanceID, of type: InstanceType, for owner: String, gpus: [Int])
    {
        // A type that this machine cannot offer any more holds nothing of it.
        let each = (try? reservation(of: type)) ?? Reservation(cpus: 0, memory: 0)
        places[instance] = Place(owner: owner, reservation: each, gpus: gpus)
    }

    /// Frees a place; one that is free already is no error.
    package mutating func free(_ instance: InstanceID) { places[instance] = nil }

    /// What several instances hold together.
    private struct Sum {
        var cpus = 0.0
        var memory = 0
        var gpus = 0

        mutating func add(_ each: Reservation, gpus more: Int) {
            cpus += each.cpus
            memory += each.memory
            gpus += more
        }

        mutating func add(_ other: Sum) {
            cpus += other.cpus
            memory += other.memory
            gpus += other.gpus
        }
    }

    /// What the places of today hold.
    private var held: Sum {
        places.values.reduce(into: Sum()) { $0.add($1.reservation, gpus: $1.gpus.count) }
    }

    private func fits(_ sum: Sum) -> Bool {
        // A sum of quarters may miss the whole by a rounding.
        sum.cpus <= Double(machine.cpus) + 1e-6 && sum.memory <= machine.memory
            && sum.gpus <= machine.gpus.count
    }

    /// Why a fleet of these types can never run here.
    private func sorry(_ types: [InstanceType]) throws(EngineError) -> String {
        var counts: [(type: InstanceType, count: Int)] = []
        for type in types {
            if let known = counts.firstIndex(where: { $0.type.name == type.name }) {
                counts[known].count += 1
            } else {
                counts.append((type, 1))
            }
        }
        let text = counts.map { "\($0.count) × \($0.type.name)" }.joined(separator: " and ")
        let most = try most(types[0])
        let advice = counts.count == 1 ? ": at most \(most) do\(most == 1 ? "es" : "")." : ". Ask for fewer."
        return "\(text) do not fit on this machine together\(advice)"
    }

    /// How many instances of a type there is room for beside what is held.
    private func most(_ type: InstanceType, beside held: Sum = Sum()) throws(EngineError) -> Int {
        let each = try reservation(of: type)
        var (count, sum) = (0, held)
        while count < 10_000 {
            sum.add(each, gpus: type.gpus)
            guard fits(sum) else { break }
            count += 1
        }
        return count
    }

    private static func bytes(_ gibibytes: Double) -> Int { Int(gibibytes * Double(1 << 30)) }

    /// Such as `15.5 GiB`.
    private static func text(_ bytes: Int) -> String {
        "\((Double(bytes) / Double(1 << 30) * 10).rounded() / 10) GiB"
    }
}
