/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/**
 * Allocates direct memory that can be given back when we choose. On JDK 22 and later, it comes from
 * a shared arena of the foreign memory API, which is found by name because we compile for JDK 17.
 * Before, the cleaner of a direct buffer gives it back. Neither prints a warning. If both are
 * missing, the collector gives the memory back later.
 */
interface SlabSource {
  SlabSource INSTANCE = best();

  /** What all slabs of this process may take together. Whoever allocates asks it before. */
  SlabBudget BUDGET = SlabBudget.ofThisProcess(!usesArenas());

  /**
   * A piece of zeroed memory.
   *
   * @param release gives it back; the buffer must not be touched afterwards
   */
  record Piece(ByteBuffer buffer, Runnable release) {}

  /**
   * Takes a zeroed piece of memory from the operating system.
   *
   * @throws OutOfMemoryError if the operating system, or the JVM's limit, has no such piece left
   */
  Piece allocate(int sizeBytes);

  private static boolean usesArenas() {
    return Runtime.version().feature() >= 22;
  }

  private static SlabSource best() {
    try {
      return usesArenas() ? arenas() : cleaners();
    } catch (ReflectiveOperationException | RuntimeException e) {
      return sizeBytes -> new Piece(ByteBuffer.allocateDirect(sizeBytes), () -> {});
    }
  }

  private static SlabSource arenas() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    Class<?> arena = Class.forName("java.lang.foreign.Arena");
    Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
    MethodHandle open =
        lookup
            .findStatic(arena, "ofShared", MethodType.methodType(arena))
            .asType(MethodType.methodType(Object.class));
    MethodHandle buffer =
        MethodHandles.filterReturnValue(
                lookup.findVirtual(arena, "allocate", MethodType.methodType(segment, long.class)),
                lookup.findVirtual(
                    segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class)))
            .asType(MethodType.methodType(ByteBuffer.class, Object.class, long.class));
    MethodHandle close =
        lookup
            .findVirtual(arena, "close", MethodType.methodType(void.class))
            .asType(MethodType.methodType(void.class, Object.class));
    return sizeBytes -> {
      try {
        Object opened = open.invokeExact();
        ByteBuffer memory = (ByteBuffer) buffer.invokeExact(opened, (long) sizeBytes);
        return new Piece(memory, () -> run(close, opened));
      } catch (Throwable e) {
        if (e instanceof OutOfMemoryError exhausted) {
          throw exhausted;
        }
        throw new IllegalStateException("cannot allocate a slab", e);
      }
    };
  }

  private static SlabSource cleaners() throws ReflectiveOperationException {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    MethodHandle clean =
        MethodHandles.lookup()
            .findVirtual(
                unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
            .bindTo(instance.get(null))
            .asType(MethodType.methodType(void.class, Object.class));
    return sizeBytes -> {
      ByteBuffer whole = ByteBuffer.allocateDirect(sizeBytes);
      return new Piece(whole, () -> run(clean, whole));
    };
  }

  private static void run(MethodHandle release, Object owner) {
    try {
      release.invokeExact(owner);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot free a slab", e);
    }
  }
}
