/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.nio.ByteBuffer;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.offload.ArrayErrors;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Requester;

/**
 * Where the calls of sessions pass the links of the call chain, in every dialect: after they were
 * admitted and before they are executed.
 */
final class OperationPoint {
  private final Grants grants;

  OperationPoint(Grants grants) {
    this.grants = grants;
  }

  /**
   * A call that names nothing but its session or its export.
   *
   * @param grant the grant on the export's root; null for a call that needs none
   * @throws OffloadFailure if a link refuses it
   */
  void pass(Requester requester, Grant grant, Object arguments) {
    if (requester.call() != null) {
      pass(
          requester.call().brings(arguments, null, null),
          grant == null ? null : grant.file(),
          grant);
    }
  }

  /**
   * A call that names a file.
   *
   * @throws OffloadFailure if a link refuses it
   */
  void pass(Requester requester, Grant grant, FileRef file, Object arguments) {
    CallRecord call = requester.call();
    if (call == null) {
      return;
    }
    if (file instanceof FileRef.ByPath byPath) {
      pass(call.brings(arguments, byPath.path().toText(), null), grant.file(), grant);
    } else if (file instanceof FileRef.ByEntry byEntry) {
      Inode directory = found(byEntry.directory().asByteBuffer(), grant);
      pass(call.brings(arguments, byEntry.name().toText(), null), directory, grant);
    } else if (file instanceof FileRef.ByHandle byHandle) {
      pass(
          call.brings(arguments, null, null),
          found(byHandle.handle().asByteBuffer(), grant),
          grant);
    } else {
      pass(call.brings(arguments, null, null), grant.file(), grant);
    }
  }

  /**
   * The file that a handle names. If it names nothing there, the export's root; the call itself
   * will answer the failure.
   */
  private Inode found(ByteBuffer handle, Grant grant) {
    try {
      Inode file = grants.find(FileHandle.readFrom(handle));
      return file.volume().id() == grant.volume().id() ? file : grant.file();
    } catch (ArrayException none) {
      return grant.file();
    }
  }

  private static void pass(CallRecord call, Inode file, Grant grant) {
    try {
      call.operation(file, null, grant == null ? null : grant.caller());
    } catch (ArrayException refused) {
      throw ArrayErrors.failureOf(refused);
    }
  }
}
