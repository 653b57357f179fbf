/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.GssService;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.MessageProp;

/**
 * One context of RPCSEC_GSS: a client's proof of who it is, with the keys that follow from it.
 * Several connections may use it, so its monitor guards all of it.
 */
final class GssSession {
  private final long handle;
  private final GSSContext context;
  private final SequenceWindow window = new SequenceWindow();
  private Map<GssService, Credential.Gss> credentials;

  /** When it ends, and when it was used last, by {@link System#nanoTime}. */
  private long endNanos;

  private volatile long usedNanos;

  GssSession(long handle, GSSContext context, long nowNanos) {
    this.handle = handle;
    this.context = context;
    usedNanos = nowNanos;
    endNanos = Long.MAX_VALUE;
  }

  long handle() {
    return handle;
  }

  long usedNanos() {
    return usedNanos;
  }

  /**
   * Takes a token of the client.
   *
   * @return the token for the client; null for none
   */
  synchronized byte[] accept(byte[] token) throws GSSException {
    return context.acceptSecContext(token, 0, token.length);
  }

  synchronized boolean isEstablished() {
    return context.isEstablished();
  }

  /** The name that the client has proved. */
  synchronized String principal() throws GSSException {
    return context.getSrcName().toString();
  }

  /** From now on, calls are made with it. */
  synchronized void establish(String principal, Credential.Sys ids, long newEndNanos) {
    endNanos = newEndNanos;
    credentials = new EnumMap<>(GssService.class);
    for (GssService service : GssService.values()) {
      credentials.put(service, new Credential.Gss(principal, service, ids));
    }
  }

  synchronized int lifetimeSeconds() {
    return context.getLifetime();
  }

  /** Whether calls can be made with it. */
  synchronized boolean isUsable(long nowNanos) {
    usedNanos = nowNanos;
    return credentials != null && nowNanos - endNanos < 0;
  }

  /** The credential that programs see. */
  synchronized Credential.Gss credential(GssService service) {
    return credentials.get(service);
  }

  synchronized boolean accept(long sequence) {
    return window.accept(sequence);
  }

  /** Whether this is the client's checksum of these bytes. */
  synchronized boolean verifies(byte[] checksum, byte[] bytes, int offset, int length) {
    try {
      context.verifyMIC(
          checksum, 0, checksum.length, bytes, offset, length, new MessageProp(false));
      return true;
    } catch (GSSException e) {
      return false;
    }
  }

  /** The verifier of an answer to a call with this number. */
  byte[] verifierOf(long sequence) throws GSSException {
    return checksum(ByteBuffer.allocate(Integer.BYTES).putInt((int) sequence).array());
  }

  synchronized byte[] checksum(byte[] bytes) throws GSSException {
    return context.getMIC(bytes, 0, bytes.length, new MessageProp(false));
  }

  /** Encrypts. */
  synchronized byte[] wrap(byte[] plain) throws GSSException {
    return context.wrap(plain, 0, plain.length, new MessageProp(true));
  }

  /**
   * Decrypts.
   *
   * @throws GSSException if it is not what the client encrypted
   */
  synchronized byte[] unwrap(byte[] wrapped) throws GSSException {
    MessageProp found = new MessageProp(true);
    byte[] plain = context.unwrap(wrapped, 0, wrapped.length, found);
    if (!found.getPrivacy()) {
      throw new GSSException(GSSException.BAD_QOP);
    }
    return plain;
  }

  synchronized void dispose() {
    try {
      context.dispose();
    } catch (GSSException e) {
      throw new IllegalStateException(e); // it only forgets keys
    }
  }
}
