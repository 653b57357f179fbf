/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Writers of one durable array that know what they wrote. Every quarter of a block says whose it
 * is, where it belongs and which write it is, so whatever is found can be judged: it is at least as
 * new as what was acknowledged, and nothing that nobody wrote.
 */
final class ConcurrentWriters {
  static final int UNIT_BYTES = 1024;
  private static final int BLOCKS = 6;
  private static final int UNITS_OF_A_BLOCK = Volume.BLOCK_BYTES / UNIT_BYTES;
  private static final int UNITS = BLOCKS * UNITS_OF_A_BLOCK;

  /** What something was, one after the other: the values of a unit, of a clone, of a name. */
  private static final class History<T> {
    private final List<T> values = new CopyOnWriteArrayList<>();

    /** The last value whose call has returned, and the last that was acknowledged as stable. */
    volatile int done;

    volatile int stable;

    History(T first) {
      values.add(first);
    }

    void send(T value) {
      values.add(value);
    }

    /** It was refused, so that it never was. */
    void takeBack() {
      values.remove(values.size() - 1);
    }

    int sent() {
      return values.size() - 1;
    }

    T now() {
      return values.get(sent());
    }

    void assertBetween(int from, int to, T found, String what) {
      List<T> all = List.copyOf(values);
      int last = Math.min(to, all.size() - 1); // its writer may have taken one back meanwhile
      assertThat(all.subList(from, last + 1)).as("%s, of %s", what, all).contains(found);
    }
  }

  /** How much of every history was stable when the power failed. */
  record Promise(List<Integer> stable) {}

  /** Steps in between, where somebody else may go on. */
  interface Pause {
    void at(String where);
  }

  private final Workbench bench;
  private final Pause pause;
  private final List<Writer> writers = new ArrayList<>();

  ConcurrentWriters(Workbench bench, Pause pause, int count) {
    this.bench = bench;
    this.pause = pause;
    for (int i = 1; i <= count; i++) {
      writers.add(new Writer(i));
    }
    bench.array.commitIfDurable();
    writers.forEach(Writer::acknowledgeAll);
  }

  List<Writer> writers() {
    return writers;
  }

  // ---------------------------------------------------------------- writing

  /** One writer with a file of its own, a clone of that, and two names. */
  final class Writer {
    private final int number;
    private final List<History<Long>> units = new ArrayList<>();
    private final History<List<Long>> clone = new History<>(nothing());
    private final History<String> name;
    private final Inode file;
    private final Inode copy;
    private long lastVersion;

    Writer(int number) {
      this.number = number;
      name = new History<>("w" + number + "-0");
      for (int i = 0; i < UNITS; i++) {
        units.add(new History<>(0L));
      }
      file = bench.file(name.now());
      copy = bench.file(cloneName());
    }

    private String cloneName() {
      return "clone" + number;
    }

    private Stream<History<?>> histories() {
      return Stream.concat(units.stream(), Stream.of(clone, name));
    }

    private void acknowledgeAll() {
      histories().forEach(each -> each.stable = each.done);
    }

    /** One change, which is made stable more often than not; then somebody is told. */
    void step(SplittableRandom random, Runnable acknowledged) {
      switch (random.nextInt(8)) {
        case 0 -> cloneFile();
        case 1 -> truncate(random.nextInt(UNITS));
        case 2, 3 -> rename();
        case 4, 5 -> write(UNITS_OF_A_BLOCK * random.nextInt(BLOCKS), UNITS_OF_A_BLOCK);
        default -> {
          int first = random.nextInt(UNITS);
          write(first, Math.min(UNITS - first, 1 + random.nextInt(9)));
        }
      }
      histories().forEach(each -> each.done = each.sent());
      pause.at("CHANGED");
      if (random.nextInt(3) > 0 && commit()) {
        acknowledged.run();
      }
    }

    private void write(int first, int count) {
      long version = ++lastVersion;
      ByteBuffer data = ByteBuffer.allocate(count * UNIT_BYTES);
      for (int unit = first; unit < first + count; unit++) {
        data.put(contents(unit, version));
        units.get(unit).send(version);
      }
      try {
        bench.write(file, (long) first * UNIT_BYTES, data.array());
      } catch (ArrayException e) {
        units.subList(first, first + count).forEach(History::takeBack);
        throw e;
      }
    }

    private void truncate(int count) {
      units.subList(count, UNITS).forEach(unit -> unit.send(0L));
      AttributeChanges size = AttributeChanges.ofSize((long) count * UNIT_BYTES);
      try {
        bench.volume.attributes().setAttributes(Caller.ROOT, file, size, null);
      } catch (ArrayException e) {
        units.subList(count, UNITS).forEach(History::takeBack);
        throw e;
      }
    }

    private void cloneFile() {
      clone.send(units.stream().map(History::now).toList());
      bench.volume.clones().cloneFile(Caller.ROOT, file, copy);
    }

    private void rename() {
      String next = name.now().endsWith("0") ? "w" + number + "-1" : "w" + number + "-0";
      Name from = Name.of(name.now());
      name.send(next);
      bench.volume.names().rename(Caller.ROOT, bench.root, from, bench.root, Name.of(next));
    }

    private boolean commit() {
      List<Integer> before = histories().map(each -> each.done).toList();
      try {
        bench.array.commitIfDurable();
      } catch (ArrayException e) {
        return false; // told to the client, who sends it again or not
      }
      int[] next = {0};
      histories().forEach(each -> each.stable = before.get(next[0]++));
      return true;
    }

    // -------------------------------------------------------------- judging

    /** What a reader finds is as old as the last write that had returned, or newer. */
    void read() {
      int[] done = units.stream().mapToInt(unit -> unit.done).toArray();
      List<Long> found = valuesOf(file, bench);
      for (int unit = 0; unit < UNITS; unit++) {
        History<Long> history = units.get(unit);
        history.assertBetween(done[unit], history.sent(), found.get(unit), "unit " + unit);
      }
    }

    private void judge(Workbench after, List<Integer> stable) {
      List<String> names =
          after.names(after.root).stream().filter(each -> each.startsWith("w" + number)).toList();
      assertThat(names).as("names of writer %d", number).hasSize(1);
      name.assertBetween(stable.get(UNITS + 1), name.sent(), names.get(0), "name");
      List<Long> found = valuesOf(after.lookup(after.root, names.get(0)), after);
      for (int unit = 0; unit < UNITS; unit++) {
        History<Long> history = units.get(unit);
        String what = "unit %d of writer %d".formatted(unit, number);
        history.assertBetween(stable.get(unit), history.sent(), found.get(unit), what);
      }
      List<Long> cloned = valuesOf(after.lookup(after.root, cloneName()), after);
      clone.assertBetween(stable.get(UNITS), clone.sent(), cloned, "clone of writer " + number);
    }

    private byte[] contents(int unit, long version) {
      byte[] bytes = new byte[UNIT_BYTES];
      if (version > 0) {
        new SplittableRandom((number * 1000L + unit) * 1_000_003 + version).nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(version);
      }
      return bytes;
    }

    /** The version of each unit, which must be whole. */
    private List<Long> valuesOf(Inode inode, Workbench of) {
      byte[] data = Arrays.copyOf(of.read(inode, 0, UNITS * UNIT_BYTES), UNITS * UNIT_BYTES);
      List<Long> values = new ArrayList<>();
      for (int unit = 0; unit < UNITS; unit++) {
        byte[] found = Arrays.copyOfRange(data, unit * UNIT_BYTES, (unit + 1) * UNIT_BYTES);
        long version = ByteBuffer.wrap(found).getLong();
        boolean isWhole = Arrays.equals(found, contents(unit, version));
        assertThat(isWhole).as("unit %d of writer %d was written", unit, number).isTrue();
        values.add(version);
      }
      return values;
    }
  }

  private static List<Long> nothing() {
    return Collections.nCopies(UNITS, 0L);
  }

  /** What has been acknowledged until now. */
  Promise promise() {
    return new Promise(
        writers.stream().flatMap(Writer::histories).map(each -> each.stable).toList());
  }

  /** What the power failure left is all that was promised before it, and all is well. */
  void judge(Workbench after, Promise promise) {
    int each = UNITS + 2;
    for (int i = 0; i < writers.size(); i++) {
      writers.get(i).judge(after, promise.stable().subList(i * each, (i + 1) * each));
    }
    assertThat(after.audit()).isEmpty();
  }
}
