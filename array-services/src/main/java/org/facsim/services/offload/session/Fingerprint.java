/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.facsim.array.Caller;
import org.facsim.services.offload.ByteString;
import org.facsim.services.offload.FileRef;

/**
 * Stands for a whole request, so that a remembered request takes few bytes. If the request's
 * unambiguous form is short, as it is where files are named by handles, it is this form; otherwise
 * it is the form's SHA-256.
 */
final class Fingerprint {
  /** The longest form that is remembered itself; a clone between two handles takes about 140. */
  static final int MAX_VERBATIM_BYTES = 192;

  private ByteBuffer form = ByteBuffer.allocate(MAX_VERBATIM_BYTES);

  Fingerprint put(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  Fingerprint put(boolean value) {
    room(1).put((byte) (value ? 1 : 0));
    return this;
  }

  Fingerprint put(String text) {
    return put(ByteString.of(text));
  }

  /** Puts the length first, so that bytes of one field cannot be mistaken for bytes of the next. */
  Fingerprint put(ByteString bytes) {
    int length = bytes.lengthBytes();
    room(Integer.BYTES + length).putInt(length);
    bytes.putInto(form);
    return this;
  }

  Fingerprint put(SessionId session) {
    return put(session.high()).put(session.low());
  }

  Fingerprint put(FileRef file) {
    // A sealed switch needs a newer Java than 17.
    if (file instanceof FileRef.ByPath byPath) {
      return kind('p').put(byPath.path());
    } else if (file instanceof FileRef.ByHandle byHandle) {
      return kind('h').put(byHandle.handle());
    } else if (file instanceof FileRef.ByEntry byEntry) {
      return kind('e').put(byEntry.directory()).put(byEntry.name());
    } else if (file instanceof FileRef.InGranted inGranted) {
      return kind('n').put(inGranted.name());
    } else if (file instanceof FileRef.Granted) {
      return kind('g');
    }
    throw new IllegalStateException("unknown kind of file " + file);
  }

  /** Puts one ASCII character that says what kind of field follows. */
  Fingerprint kind(char kind) {
    room(1).put((byte) kind);
    return this;
  }

  Fingerprint put(Caller caller) {
    put(caller.uid()).put(caller.gid()).put(caller.groups().size());
    caller.groups().forEach(this::put);
    return this;
  }

  private ByteBuffer room(int bytes) {
    if (form.remaining() < bytes) {
      int wanted = Math.max(2 * form.capacity(), form.position() + bytes);
      form = ByteBuffer.allocate(wanted).put(form.flip());
    }
    return form;
  }

  /** Equal for equal requests only; at most {@link #MAX_VERBATIM_BYTES} bytes. */
  byte[] toBytes() {
    byte[] bytes = Arrays.copyOf(form.array(), form.position());
    return bytes.length <= MAX_VERBATIM_BYTES ? bytes : sha256(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
