import Foundation
import GRDB
import Glibc

/// A disk that is full, read-only or broken, as the libraries that met it tell it.
package struct DiskProblem {
    private let reason: String

    /// `nil` if the error is about something else.
    package init?(_ error: any Error) {
        if let error = error as? DatabaseError {
            switch error.resultCode.primaryResultCode {
            case .SQLITE_FULL: reason = Self.text(ENOSPC)
            case .SQLITE_READONLY: reason = Self.text(EROFS)
            case .SQLITE_IOERR, .SQLITE_CANTOPEN: reason = error.description
            default: return nil
            }
            return
        }
        let cocoa = error as NSError
        let underlying = cocoa.userInfo[NSUnderlyingErrorKey] as? NSError
        for candidate in [cocoa, underlying].compactMap(\.self) where candidate.domain == NSPOSIXErrorDomain {
            reason = Self.text(Int32(candidate.code))
            return
        }
        guard cocoa.domain == NSCocoaErrorDomain else { return nil }
        reason =
            cocoa.code == CocoaError.fileWriteOutOfSpace.rawValue
            ? Self.text(ENOSPC) : cocoa.localizedDescription
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// What happened and what to do.
    package func message(dataDirectory: String) -> String {
        """
        The data directory \(dataDirectory) cannot be used: \(reason). Nothing in it was lost; make room or mend the \
        disk (df -h \(dataDirectory)), then start again.
        """
    }
}
