/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.facsim.array.Caller;
import org.facsim.services.offload.ByteString;
import org.facsim.services.offload.FileRef;

/** A hash that stands for a whole request, so that what is remembered takes few bytes. */
final class Fingerprint {
  private final MessageDigest hash = sha256();

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  Fingerprint put(long value) {
    hash.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    return this;
  }

  Fingerprint put(String text) {
    return put(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  Fingerprint put(ByteString bytes) {
    return put(bytes.asByteBuffer());
  }

  /** With the length before it, so that neighbours cannot be taken for each other's bytes. */
  private Fingerprint put(ByteBuffer bytes) {
    put(bytes.remaining());
    hash.update(bytes);
    return this;
  }

  Fingerprint put(SessionId session) {
    return put(session.high()).put(session.low());
  }

  Fingerprint put(FileRef file) {
    // A sealed switch needs a newer Java than 17.
    if (file instanceof FileRef.ByPath byPath) {
      return put("path").put(byPath.path());
    } else if (file instanceof FileRef.ByHandle byHandle) {
      return put("handle").put(byHandle.handle());
    } else if (file instanceof FileRef.ByEntry byEntry) {
      return put("entry").put(byEntry.directory()).put(byEntry.name());
    } else if (file instanceof FileRef.InGranted inGranted) {
      return put("name").put(inGranted.name());
    } else if (file instanceof FileRef.Granted) {
      return put("granted");
    }
    throw new IllegalStateException("unknown kind of file " + file);
  }

  Fingerprint put(Caller caller) {
    put(caller.uid()).put(caller.gid()).put(caller.groups().size());
    caller.groups().forEach(this::put);
    return this;
  }

  byte[] digest() {
    return hash.digest();
  }
}
