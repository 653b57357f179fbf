/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Every buffer that was collected as garbage before it was released, in this JVM.
 *
 * <p>Netty's own detector only logs, and only if the logger is on; this one keeps what it finds. It
 * must be installed before the first buffer class is loaded.
 */
public final class BufferLeaks {
  private static final long GC_TIMEOUT_MILLIS = 5_000;
  private static final int ROUNDS = 2;

  private static final List<KeepingDetector<?>> DETECTORS = new CopyOnWriteArrayList<>();
  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();
  private static final AtomicLong TRACKED = new AtomicLong();

  private BufferLeaks() {}

  /** Puts the detector in force for every class that asks for one from now on. */
  static void install() {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @SuppressWarnings("deprecation") // the method to override, as Netty has it
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval, long maxActive) {
            KeepingDetector<T> detector = new KeepingDetector<>(resource, samplingInterval);
            DETECTORS.add(detector);
            return detector;
          }
        });
  }

  /** How many buffers have been tracked so far. */
  static long tracked() {
    return TRACKED.get();
  }

  /**
   * Forces a collection and returns what was found leaked since the last call: the kind of
   * resource, and where it was allocated, retained and released.
   */
  public static List<String> collect() {
    for (int round = 0; round < ROUNDS; round++) {
      collectGarbage();
      DETECTORS.forEach(KeepingDetector::poll);
    }
    List<String> leaks = new ArrayList<>();
    for (String leak = FOUND.poll(); leak != null; leak = FOUND.poll()) {
      leaks.add(leak);
    }
    return leaks;
  }

  /** Returns when the collector has handed over the references it cleared. */
  @SuppressWarnings("UnusedVariable") // the reference must be reachable, its referent must not
  private static void collectGarbage() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> witness = new WeakReference<>(new Object(), queue);
    System.gc();
    try {
      if (queue.remove(GC_TIMEOUT_MILLIS) == null) {
        throw new IllegalStateException("no garbage collection: leaks cannot be found");
      }
      Thread.sleep(5); // the rest of the references cleared with the witness
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class KeepingDetector<T> extends ResourceLeakDetector<T> {
    KeepingDetector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    public ResourceLeakTracker<T> track(T resource) {
      TRACKED.incrementAndGet();
      return super.track(resource);
    }

    /** Makes the detector look at its queue, which it does only when it tracks something. */
    @SuppressWarnings("unchecked") // the detector never calls what it tracks
    void poll() {
      T probe = (T) new Object();
      super.trackForcibly(probe).close(probe);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      FOUND.add(resourceType + " not released:" + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      FOUND.add(resourceType + " not released, allocated at an unknown place");
    }
  }
}
