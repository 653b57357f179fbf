/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.testing;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a buffer was collected that nobody had released. Registered for
 * every test by {@code META-INF/services}; a module takes part by depending on this module's
 * test-jar.
 *
 * <p>A class is charged with what is found when it ends, so a leak that becomes garbage later shows
 * at a later class: the trace in the message tells where it comes from. What stays reachable, say
 * from a static field, is not found.
 */
public final class BufferLeakExtension implements BeforeAllCallback, AfterAllCallback {
  private static long checkedAt;

  static {
    BufferLeaks.install();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (BufferLeaks.tracked() > 0) {
      return;
    }
    PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    if (BufferLeaks.tracked() == 0) {
      throw new IllegalStateException(
          "leak detection came too late or is at level "
              + ResourceLeakDetector.getLevel()
              + ": tests need -Dio.netty.leakDetection.level=paranoid");
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    boolean nested = context.getRequiredTestClass().isAnnotationPresent(Nested.class);
    if (nested || BufferLeaks.tracked() == checkedAt) {
      return;
    }
    List<String> leaks = BufferLeaks.collect();
    checkedAt = BufferLeaks.tracked();
    if (!leaks.isEmpty()) {
      throw new AssertionError(leaks.size() + " buffer leaks\n" + String.join("\n\n", leaks));
    }
  }
}
