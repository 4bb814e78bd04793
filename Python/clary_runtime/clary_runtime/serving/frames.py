"""Messages between the front and a worker, on a Unix stream socket.

The front sends one request at a time and, rarely, the wish to end a streamed answer. A worker sends its state once
and then the answer's bytes as they go to the client: the front only relays them. A worker that has nothing to do may
be lent a caller's connection, which it then serves alone until one of the two ends the loan (`loan`).
"""

from __future__ import annotations

import struct

# kind, flags (`http_reply.KEEP_ALIVE`, `HTTP10`), bytes of the marshalled head, bytes of the body
TO_WORKER = struct.Struct("<BBIQ")
REQUEST = 1
CANCEL = 2
LEND = 3  # Comes with the descriptor of a connection that is between two requests.
RECALL = 4  # The connection is wanted back; nothing to a worker that has none.

# kind, HTTP status, bytes that follow
FROM_WORKER = struct.Struct("<BHQ")
READY = 1
FAILED = 2
PART = 3  # More of this response will come.
LAST = 4
LAST_THEN_CLOSE = 5
BROKEN = 6  # The rest of a begun response cannot be made.
RETURNED = 7  # The lent connection, with what was read of it and not answered.
TAKEN_OVER = 8  # The lent connection in the middle of an answer, with the request's head; the answer follows.
