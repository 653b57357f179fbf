/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.GssService;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.MessageProp;

/**
 * One context of RPCSEC_GSS: a client's proof of who it is, with the keys that follow from it.
 * Several connections may use it. Its monitor guards its state and the window.
 *
 * <p>Checksums and encryption run beside each other, so that a large answer that is encrypted aside
 * keeps no event loop waiting: the JDK's context guards its own numbers, and makes a cipher for
 * each call. It forgets its keys under whoever uses them, though, so nobody may while it is
 * disposed of.
 */
final class GssSession {
  private final long handle;
  private final GSSContext context;
  private final SequenceWindow window = new SequenceWindow();

  /** Shared by whoever uses the keys; exclusive for whoever changes the context. */
  private final ReadWriteLock keys = new ReentrantReadWriteLock();

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
  byte[] accept(byte[] token) throws GSSException {
    keys.writeLock().lock();
    try {
      return context.acceptSecContext(token, 0, token.length);
    } finally {
      keys.writeLock().unlock();
    }
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
  boolean verifies(byte[] checksum, byte[] bytes, int offset, int length) {
    keys.readLock().lock();
    try {
      context.verifyMIC(
          checksum, 0, checksum.length, bytes, offset, length, new MessageProp(false));
      return true;
    } catch (GSSException e) {
      return false;
    } finally {
      keys.readLock().unlock();
    }
  }

  /** The verifier of an answer to a call with this number. */
  byte[] verifierOf(long sequence) throws GSSException {
    return checksum(ByteBuffer.allocate(Integer.BYTES).putInt((int) sequence).array());
  }

  byte[] checksum(byte[] bytes) throws GSSException {
    keys.readLock().lock();
    try {
      return context.getMIC(bytes, 0, bytes.length, new MessageProp(false));
    } finally {
      keys.readLock().unlock();
    }
  }

  /**
   * Encrypts.
   *
   * @throws GSSException also if it was disposed of
   */
  byte[] wrap(byte[] plain) throws GSSException {
    keys.readLock().lock();
    try {
      return context.wrap(plain, 0, plain.length, new MessageProp(true));
    } finally {
      keys.readLock().unlock();
    }
  }

  /**
   * Decrypts.
   *
   * @throws GSSException if it is not what the client encrypted
   */
  byte[] unwrap(byte[] wrapped) throws GSSException {
    MessageProp found = new MessageProp(true);
    byte[] plain = unwrap(wrapped, found);
    if (!found.getPrivacy()) {
      throw new GSSException(GSSException.BAD_QOP);
    }
    return plain;
  }

  private byte[] unwrap(byte[] wrapped, MessageProp found) throws GSSException {
    keys.readLock().lock();
    try {
      return context.unwrap(wrapped, 0, wrapped.length, found);
    } finally {
      keys.readLock().unlock();
    }
  }

  void dispose() {
    keys.writeLock().lock();
    try {
      context.dispose();
    } catch (GSSException e) {
      throw new IllegalStateException(e); // it only forgets keys
    } finally {
      keys.writeLock().unlock();
    }
  }
}
