/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/**
 * Read-only bytes that lie in several pieces of another owner's memory and are sent from there with
 * one gathering write; made for {@link RpcCall#appendData}. It is one object for all pieces, where
 * a composite buffer has three for each piece.
 *
 * <p>The memory stays the owner's, which is told when it is no longer needed: {@link
 * Source#release}.
 */
public final class GatheredBytes extends AbstractReferenceCountedByteBuf {
  /** Where the pieces lie. */
  public interface Source {
    int pieceCount();

    /** A buffer that holds the piece. Its position and limit are neither used nor changed. */
    ByteBuffer memory(int piece);

    int position(int piece);

    /** At least 1. */
    int lengthBytes(int piece);

    /** Called once, on any thread, when the bytes are sent or no longer needed. */
    void release();
  }

  private static final ResourceLeakDetector<GatheredBytes> LEAKS =
      ResourceLeakDetectorFactory.instance().newResourceLeakDetector(GatheredBytes.class);

  private final Source source;

  /** No allocator made this buffer, so only this tracker notices if it is never released. */
  private final ResourceLeakTracker<GatheredBytes> leak;

  /** Where each piece ends, counted from the first byte of the first. */
  private final int[] ends;

  /** Takes over the source and releases it with this buffer. */
  public GatheredBytes(Source source) {
    super(Integer.MAX_VALUE);
    this.source = source;
    ends = new int[source.pieceCount()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += source.lengthBytes(i);
      ends[i] = end;
    }
    maxCapacity(end);
    setIndex(0, end);
    leak = LEAKS.track(this);
  }

  @Override
  protected void deallocate() {
    if (leak != null) {
      leak.close(this);
    }
    source.release();
  }

  @Override
  public int capacity() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  private int pieceAt(int index) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index < ends[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private int start(int piece) {
    return piece == 0 ? 0 : ends[piece - 1];
  }

  private ByteBuffer slice(int piece, int index, int end) {
    int from = Math.max(index, start(piece));
    int length = Math.min(end, ends[piece]) - from;
    return source.memory(piece).slice(source.position(piece) + from - start(piece), length);
  }

  @Override
  public int nioBufferCount() {
    return Math.max(1, ends.length);
  }

  @Override
  public ByteBuffer[] nioBuffers(int index, int length) {
    checkIndex(index, length);
    if (length == 0) {
      return new ByteBuffer[] {ByteBuffer.allocate(0)};
    }
    int first = pieceAt(index);
    int last = pieceAt(index + length - 1);
    ByteBuffer[] buffers = new ByteBuffer[last - first + 1];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = slice(first + i, index, index + length);
    }
    return buffers;
  }

  @Override
  public ByteBuffer nioBuffer(int index, int length) {
    ByteBuffer[] buffers = nioBuffers(index, length);
    if (buffers.length == 1) {
      return buffers[0];
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (ByteBuffer buffer : buffers) {
      joined.put(buffer);
    }
    return joined.flip();
  }

  @Override
  public ByteBuffer internalNioBuffer(int index, int length) {
    return nioBuffer(index, length);
  }

  @Override
  protected byte _getByte(int index) {
    int piece = pieceAt(index);
    return source.memory(piece).get(source.position(piece) + index - start(piece));
  }

  @Override
  protected short _getShort(int index) {
    return (short) ((_getByte(index) << 8) | (_getByte(index + 1) & 0xff));
  }

  @Override
  protected short _getShortLE(int index) {
    return Short.reverseBytes(_getShort(index));
  }

  @Override
  protected int _getUnsignedMedium(int index) {
    return ((_getByte(index) & 0xff) << 16) | (_getShort(index + 1) & 0xffff);
  }

  @Override
  protected int _getUnsignedMediumLE(int index) {
    return Integer.reverseBytes(_getUnsignedMedium(index)) >>> 8;
  }

  @Override
  protected int _getInt(int index) {
    return (_getShort(index) << 16) | (_getShort(index + 2) & 0xffff);
  }

  @Override
  protected int _getIntLE(int index) {
    return Integer.reverseBytes(_getInt(index));
  }

  @Override
  protected long _getLong(int index) {
    return ((long) _getInt(index) << 32) | (_getInt(index + 4) & 0xffff_ffffL);
  }

  @Override
  protected long _getLongLE(int index) {
    return Long.reverseBytes(_getLong(index));
  }

  @Override
  public ByteBuf getBytes(int index, ByteBuf target, int targetIndex, int length) {
    int at = targetIndex;
    for (ByteBuffer buffer : nioBuffers(index, length)) {
      int count = buffer.remaining();
      target.setBytes(at, buffer);
      at += count;
    }
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, byte[] target, int targetIndex, int length) {
    return getBytes(index, Unpooled.wrappedBuffer(target), targetIndex, length);
  }

  @Override
  public ByteBuf getBytes(int index, ByteBuffer target) {
    for (ByteBuffer buffer : nioBuffers(index, target.remaining())) {
      target.put(buffer);
    }
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, OutputStream target, int length) throws IOException {
    byte[] copy = new byte[length];
    getBytes(index, copy, 0, length);
    target.write(copy);
    return this;
  }

  @Override
  public int getBytes(int index, GatheringByteChannel target, int length) throws IOException {
    return (int) target.write(nioBuffers(index, length));
  }

  @Override
  public int getBytes(int index, FileChannel target, long position, int length) throws IOException {
    return target.write(nioBuffer(index, length), position);
  }

  @Override
  public ByteBuf copy(int index, int length) {
    ByteBuf copy = alloc().buffer(length);
    getBytes(index, copy, 0, length);
    return copy.writerIndex(length);
  }

  @Override
  public ByteBufAllocator alloc() {
    return PooledByteBufAllocator.DEFAULT;
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // deprecated where it is declared
  public ByteOrder order() {
    return ByteOrder.BIG_ENDIAN;
  }

  @Override
  public ByteBuf unwrap() {
    return null;
  }

  @Override
  public boolean isDirect() {
    for (int i = 0; i < ends.length; i++) {
      if (!source.memory(i).isDirect()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public boolean hasArray() {
    return false;
  }

  @Override
  public byte[] array() {
    throw new UnsupportedOperationException("no array behind it");
  }

  @Override
  public int arrayOffset() {
    throw new UnsupportedOperationException("no array behind it");
  }

  @Override
  public boolean hasMemoryAddress() {
    return false;
  }

  @Override
  public long memoryAddress() {
    throw new UnsupportedOperationException("several pieces of memory");
  }

  // ---------------------------------------------------------------- nothing writes here

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("read-only");
  }

  @Override
  public ByteBuf capacity(int newCapacity) {
    throw readOnly();
  }

  @Override
  protected void _setByte(int index, int value) {
    throw readOnly();
  }

  @Override
  protected void _setShort(int index, int value) {
    throw readOnly();
  }

  @Override
  protected void _setShortLE(int index, int value) {
    throw readOnly();
  }

  @Override
  protected void _setMedium(int index, int value) {
    throw readOnly();
  }

  @Override
  protected void _setMediumLE(int index, int value) {
    throw readOnly();
  }

  @Override
  protected void _setInt(int index, int value) {
    throw readOnly();
  }

  @Override
  protected void _setIntLE(int index, int value) {
    throw readOnly();
  }

  @Override
  protected void _setLong(int index, long value) {
    throw readOnly();
  }

  @Override
  protected void _setLongLE(int index, long value) {
    throw readOnly();
  }

  @Override
  public ByteBuf setBytes(int index, ByteBuf from, int fromIndex, int length) {
    throw readOnly();
  }

  @Override
  public ByteBuf setBytes(int index, byte[] from, int fromIndex, int length) {
    throw readOnly();
  }

  @Override
  public ByteBuf setBytes(int index, ByteBuffer from) {
    throw readOnly();
  }

  @Override
  public int setBytes(int index, InputStream from, int length) {
    throw readOnly();
  }

  @Override
  public int setBytes(int index, ScatteringByteChannel from, int length) {
    throw readOnly();
  }

  @Override
  public int setBytes(int index, FileChannel from, long position, int length) {
    throw readOnly();
  }
}
