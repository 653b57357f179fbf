/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Callback4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recalls delegations from clients, with CB_RECALL, until they come back or are revoked: RFC 8881
 * sections 10.4.5, 10.4.6 and 20.2. If a client cannot be reached, or asks for time, it is called
 * again a little later, and at once when it offers a new way.
 */
final class Recalls implements DelegationHolder {
  private static final Logger LOG = LoggerFactory.getLogger(Recalls.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** For how long a file is not delegated again. */
  private static final Duration RECENT = Duration.ofSeconds(30);

  private static final int MAX_RECENT = 4096;

  private static final AttributeChanges TOUCHED =
      new AttributeChanges(
          null,
          null,
          null,
          null,
          AttributeChanges.TimeChange.KEEP,
          AttributeChanges.TimeChange.TO_ARRAY_TIME);

  /**
   * How often a client may say that it does not know the delegation before it counts as given back:
   * the recall may have overtaken the answer that gives it.
   */
  private static final int MAX_UNKNOWN = 3;

  private final Nfs4State state;

  /** When the delegation of a file was recalled last, the oldest first; guarded by itself. */
  private final Map<Inode, Long> recent = new LinkedHashMap<>();

  Recalls(Nfs4State state) {
    this.state = state;
  }

  /** Whether a delegation of the file was recalled a short time ago. */
  boolean isRecent(Inode file) {
    synchronized (recent) {
      Long when = recent.get(file);
      return when != null && state.nanos() - when < RECENT.toNanos();
    }
  }

  @Override
  public void recall(Delegation delegation) {
    synchronized (recent) {
      recent.remove(delegation.file());
      recent.put(delegation.file(), state.nanos());
      if (recent.size() > MAX_RECENT) {
        recent.remove(recent.keySet().iterator().next());
      }
    }
    new Recall(delegation).call();
  }

  @Override
  public CompletableFuture<FileAttributes> ask(Delegation delegation) {
    DelegationState asked = (DelegationState) delegation.owner().key();
    Inode file = delegation.file();
    return asked
        .client()
        .path
        .call(new Callback4.GetAttr(file.handle().toBytes()))
        .thenApply(
            answer -> {
              if (!answer.isOk() || answer.change() == null || answer.sizeBytes() == null) {
                throw new IllegalStateException("CB_GETATTR: status " + answer.status());
              }
              return merged(file, asked, answer.change(), answer.sizeBytes());
            });
  }

  /**
   * The attributes with what the client has newer. If it has changed the file, the file's own
   * change attribute and times move on, too, so that they never go back when the client writes what
   * it has.
   */
  private static FileAttributes merged(
      Inode file, DelegationState asked, long change, long sizeBytes) {
    FileAttributes now = file.attributes();
    boolean isKnown = change == now.changeCounter() || change == asked.givenChange();
    if (isKnown && sizeBytes == now.sizeBytes()) {
      return now;
    }
    FileAttributes after =
        file.volume().attributes().setAttributes(Caller.ROOT, file, TOUCHED, null).after();
    return new FileAttributes(
        after.type(),
        after.mode(),
        after.linkCount(),
        after.uid(),
        after.gid(),
        Math.max(0, sizeBytes),
        after.usedBytes(),
        after.deviceMajor(),
        after.deviceMinor(),
        after.volumeId(),
        after.fileId(),
        after.accessTimeNanos(),
        after.modifyTimeNanos(),
        after.changeTimeNanos(),
        after.changeCounter());
  }

  @Override
  public void revoked(Delegation delegation) {
    if (delegation.owner().key() instanceof DelegationState revoked) {
      revoked.revoke();
      // a restore of a named state revokes while it has all volumes locked, and an OPEN may have
      // this monitor while it waits for a volume
      state.later().after(Duration.ZERO, () -> count(revoked));
    }
  }

  private void count(DelegationState revoked) {
    synchronized (state) {
      if (!revoked.isCounted && revoked.client().states().contains(revoked)) {
        revoked.isCounted = true;
        revoked.client().revoked++;
      }
    }
  }

  /** One delegation that is being recalled. */
  private final class Recall {
    private final Delegation delegation;
    private final DelegationState recalled;
    private final Callback4.Recall operation;
    private int unknown;
    private boolean isCalling;
    private boolean isWaiting;

    Recall(Delegation delegation) {
      this.delegation = delegation;
      recalled = (DelegationState) delegation.owner().key();
      operation = new Callback4.Recall(recalled.stateid(), delegation.file().handle().toBytes());
    }

    private boolean isOver() {
      return recalled.isRevoked() || recalled.isEnded() || recalled.client().isGone();
    }

    void call() {
      synchronized (this) {
        if (isCalling || isOver()) {
          return;
        }
        isCalling = true;
      }
      var unused = recalled.client().path.call(operation).whenComplete(this::answered);
    }

    private void answered(Callback4.Answer answer, Throwable failure) {
      synchronized (this) {
        isCalling = false;
      }
      if (failure == null && answer.isOk()) {
        return; // the client knows, and has its time
      }
      if (failure != null) {
        LOG.debug("{} was not reached: {}", recalled.client(), failure.toString());
      } else if (isUnknown(answer) && ++unknown >= MAX_UNKNOWN) {
        synchronized (state) {
          state.end(recalled);
        }
        return;
      }
      again();
    }

    private boolean isUnknown(Callback4.Answer answer) {
      return answer.sequenceStatus() == 0
          && (answer.status() == Nfs4Status.BAD_STATEID.code()
              || answer.status() == Nfs4Status.BADHANDLE.code());
    }

    private void again() {
      if (isOver()) {
        return;
      }
      state.later().after(PAUSE, this::call);
      synchronized (this) {
        if (isWaiting) {
          return;
        }
        isWaiting = true;
      }
      recalled
          .client()
          .path
          .whenChanged(
              () -> {
                synchronized (this) {
                  isWaiting = false;
                }
                call();
              });
    }
  }
}
