"""Messages between the front and a worker, on a Unix stream socket.

The front sends one request at a time and, rarely, the wish to end a streamed answer. A worker sends its state once
and then the answer's bytes as they go to the client: the front only relays them.
"""

from __future__ import annotations

import struct

# kind, flags (`http_reply.KEEP_ALIVE`, `HTTP10`), bytes of the marshalled head, bytes of the body
TO_WORKER = struct.Struct("<BBIQ")
REQUEST = 1
CANCEL = 2

# kind, HTTP status, bytes that follow
FROM_WORKER = struct.Struct("<BHQ")
READY = 1
FAILED = 2
PART = 3  # More of this response will come.
LAST = 4
LAST_THEN_CLOSE = 5
BROKEN = 6  # The rest of a begun response cannot be made.
