import AgentProtocol
import CLinux
import Foundation
import Glibc
import ObjectAccess
import Synchronization

/// A channel in Pipe mode: a FIFO for each epoch, written on a thread of its own.
///
/// The FIFO of epoch `n` is `<channel>_<n>`. The next one is made when the reader has closed the one before, also if it
/// did so before the end of the data.
final class PipeChannel: Sendable {
    private let name: String
    private let source: ObjectSource
    private let listing: ObjectListing
    /// Keeps near objects, whatever becomes of them in the store.
    private let held: HeldObjects
    private let files: DirectoryFiles?
    private let far: any ObjectStreamer
    /// The directory of the FIFOs: the job may move it, so it is never looked up again.
    private let directory: Descriptor
    /// Closed by the thread.
    private let firstFIFO: Int32
    private let isStopped = Atomic(false)

    /// As much as may wait in a FIFO.
    private static let room = 1 << 20
    /// Pauses between two looks whether a reader has come or gone.
    private static let (shortestPause, longestPause): (UInt32, UInt32) = (100, 10_000)

    /// Makes the FIFO of the first epoch.
    ///
    /// - Parameters:
    ///   - name: The channel's.
    ///   - source: What is read.
    ///   - listing: The objects.
    ///   - paths: Of the instance, before its container runs.
    ///   - viewDirectories: On the disks of stored objects.
    ///   - files: Reads items that are files.
    ///   - far: Reads objects that have no file here.
    /// - Throws: `SystemError`.
    init(
        _ name: String,
        source: ObjectSource,
        listing: ObjectListing,
        paths: InstancePaths,
        viewDirectories: [String] = [],
        files: DirectoryFiles?,
        far: any ObjectStreamer
    ) throws(SystemError) {
        self.name = name
        self.source = source
        self.listing = listing
        self.files = files
        self.far = far
        held = HeldObjects(
            directories: ([paths.staging] + viewDirectories.map(paths.view)).map { "\($0)/held-\(name)" }
        )
        let data = paths.opt + "/input/data"
        let number = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open \(data)", code: errno) }
        directory = Descriptor(owning: number)
        firstFIFO = try Self.makeFIFO("\(name)_0", in: number)
    }

    /// Begins to write, until `stop`.
    ///
    /// - Parameter fail: Told why the channel cannot go on; its reader then waits for ever, because an early end would look
    ///   like the end of the data.
    func start(fail: @escaping @Sendable (InstanceFailure) -> Void) {
        Thread.detachNewThread { [self] in
            do {
                // Where they are shuffled another epoch brings other objects to this instance.
                let whole = source.seed != nil
                let order = EpochOrder(of: source, in: listing, epoch: 0, isWholeChannel: whole)
                try held.take(order, of: listing, groupSize: source.groupSize)
                var fifo = firstFIFO
                var epoch = 0
                while try serve(epoch, through: fifo) {
                    unlinkat(directory.number, "\(name)_\(epoch)", 0)
                    close(fifo)
                    epoch += 1
                    fifo = try Self.makeFIFO("\(name)_\(epoch)", in: directory.number)
                }
                close(fifo)
            } catch let failure as InstanceFailure {
                fail(failure)
                waitForStop()
            } catch {
                fail(InstanceFailure(blame: .platform, message: "Channel '\(name)': \(error)"))
                waitForStop()
            }
        }
    }

    /// The container has ended: nobody reads any more.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    private static func makeFIFO(_ name: String, in directory: Int32) throws(SystemError) -> Int32 {
        try check(clx_make_fifo(directory, name, 0o644), "make the FIFO \(name)")
    }

    /// Writes one epoch; false if the job is over.
    private func serve(_ epoch: Int, through fifo: Int32) throws -> Bool {
        guard let number = try waitForReader(fifo) else { return false }
        var items = ReadAhead(
            EpochOrder(of: source, in: listing, epoch: epoch),
            of: listing,
            groupSize: source.groupSize,
            held: held,
            files: files,
            far: far
        )
        defer { items.cancel() }
        do {
            try PipeWriter(source: source, output: number, far: far).write(&items)
        } catch is ReaderClosed {
            // Its right: that ends the epoch.
        }
        // Not closed after any other error, until this process ends: the reader would take it for the end of the data.
        close(number)
        return try waitUntilClosed(fifo)
    }

    /// Our end of the FIFO once somebody reads; `nil` if the job ends before.
    private func waitForReader(_ fifo: Int32) throws -> Int32? {
        var pause = Self.shortestPause
        while !isStopped.load(ordering: .relaxed) {
            let number = clx_open_fifo_for_writing(fifo, Int32(Self.room))
            if number != -ENXIO { return try check(number, "open a FIFO of channel '\(name)'") }
            usleep(pause)
            pause = min(pause * 5 / 4, Self.longestPause)
        }
        return nil
    }

    /// Waits until no reader is left; false if the job ends before.
    private func waitUntilClosed(_ fifo: Int32) throws -> Bool {
        var pause = Self.shortestPause
        while !isStopped.load(ordering: .relaxed) {
            // Opened for a moment, which a reader at the end of the data does not notice: it has the end already.
            let number = clx_open_fifo_for_writing(fifo, Int32(Self.room))
            if number == -ENXIO { return true }
            close(try check(number, "open a FIFO of channel '\(name)'"))
            usleep(pause)
            pause = min(pause * 5 / 4, Self.longestPause)
        }
        return false
    }

    /// Keeps what the reader has open from ending.
    private func waitForStop() { while !isStopped.load(ordering: .relaxed) { usleep(Self.longestPause) } }
}

/// The reader of a FIFO has closed it.
struct ReaderClosed: Error {}

extension EpochOrder {
    /// The groups of a channel that this instance reads in an epoch.
    ///
    /// - Parameters:
    ///   - source: What the channel is.
    ///   - listing: Its objects.
    ///   - epoch: Counts from 0.
    ///   - isWholeChannel: Those of the other instances too, in the order of the listing.
    init(of source: ObjectSource, in listing: ObjectListing, epoch: Int, isWholeChannel: Bool = false) {
        self.init(
            count: listing.count / Swift.max(1, source.groupSize),
            shard: isWholeChannel ? nil : source.shard,
            seed: isWholeChannel ? nil : source.seed,
            epoch: epoch
        )
    }
}
