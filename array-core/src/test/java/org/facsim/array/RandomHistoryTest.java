/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.name;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.facsim.array.ModelVolume.Block;
import org.facsim.array.ModelVolume.Node;
import org.facsim.array.ModelVolume.Snap;
import org.facsim.array.ModelVolume.State;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.Directory;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long seeded histories of every operation against {@link ModelVolume}. After each step: the same
 * outcome, every attribute and figure of every file, and nothing moved that was not touched. The
 * volume is thin and the array small, so that NO_SPACE is part of the game.
 */
class RandomHistoryTest {
  private static final int SEEDS = 24;
  private static final int STEPS = 250;
  private static final int MAX_FILE_BLOCKS = 24;
  private static final long VOLUME_BLOCKS = 256;
  private static final List<AttributeMode> MODES = List.of(AttributeMode.values());

  /** Of the array, less than the volume may use. */
  private static final long CAPACITY_BLOCKS = 80;

  private SplittableRandom random;
  private Workbench bench;
  private ModelVolume model;
  private Map<Node, FileAttributes> last;
  private List<Node> nodes;
  private String step;

  /** Of all seeds; null for success. */
  private static final Map<ArrayError, Integer> OUTCOMES = new HashMap<>();

  static LongStream seeds() {
    String seed = System.getProperty("facsim.seed");
    return seed != null ? LongStream.of(Long.parseLong(seed)) : LongStream.rangeClosed(1, SEEDS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheModelAfterEveryStep(long seed) {
    play(seed, null);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheModelOnADiskThroughRestarts(long seed) {
    play(seed, new SimulatedDisk(seed));
  }

  private void play(long seed, SimulatedDisk disk) {
    random = new SplittableRandom(seed);
    long block = Volume.BLOCK_BYTES;
    try (Workbench opened =
        new Workbench(CAPACITY_BLOCKS * block, VOLUME_BLOCKS * block, VolumeLimits.DEFAULT, disk)) {
      bench = opened;
      model = new ModelVolume(bench.root, CAPACITY_BLOCKS);
      last = new HashMap<>(Map.of(model.root, bench.root.attributes()));
      for (int i = 0; i < STEPS; i++) {
        bench.clock.advance(Duration.ofMillis(random.nextInt(-5, 20)));
        nodes = model.nodes();
        model.nextStep();
        try {
          takeStep();
          model.settle();
          adoptSnapshots();
          if (disk != null && random.nextInt(6) == 0) {
            commit();
          }
          compare(i % 25 == 0 || i == STEPS - 1);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("seed " + seed + ", step " + i + ": " + step, e);
        }
      }
    }
  }

  /** Makes all durable; often the array is opened again then, after a crash or in order. */
  private void commit() {
    bench.array.commitIfDurable();
    switch (random.nextInt(4)) {
      case 0 -> bench.failPower();
      case 1 -> bench.restart();
      default -> {
        return;
      }
    }
    findAllAgain();
    assertThat(bench.audit()).isEmpty();
  }

  private void findAllAgain() {
    model.nodes().forEach(this::findAgain);
    model.snapshotNodes().forEach(this::findAgain);
    adoptSnapshots();
  }

  private void findAgain(Node node) {
    node.real = bench.array.resolve(node.real.handle());
  }

  @AfterAll
  static void everyOutcomeWasMet() {
    if (System.getProperty("facsim.seed") != null) {
      return;
    }
    assertThat(OUTCOMES.get(null)).isGreaterThan(SEEDS * STEPS / 2);
    for (ArrayError error :
        List.of(
            ArrayError.EXISTS,
            ArrayError.NOT_FOUND,
            ArrayError.NOT_DIRECTORY,
            ArrayError.IS_DIRECTORY,
            ArrayError.NOT_EMPTY,
            ArrayError.WRONG_TYPE,
            ArrayError.INVALID_ARGUMENT,
            ArrayError.NO_SPACE)) {
      assertThat(OUTCOMES.getOrDefault(error, 0)).as("%s met", error).isGreaterThan(5);
    }
  }

  private void takeStep() {
    Node a = anyNode();
    Node directory = anyDirectory();
    String name = "n" + random.nextInt(8);
    int choice = random.nextInt(100);
    if (choice < 12) {
      makeFile(directory, name);
    } else if (choice < 18) {
      makeOther(directory, name);
    } else if (choice < 22) {
      step = "link " + a.real + " " + name;
      expect(
          model.link(a, directory, name),
          () -> bench.volume.names().link(Caller.ROOT, a.real, directory.real, name(name)));
    } else if (choice < 33) {
      removeOne();
    } else if (choice < 42) {
      renameOne(directory, name);
    } else if (choice < 57) {
      writeOne(anyFile());
    } else if (choice < 71) {
      changeRange(anyFile());
    } else if (choice < 76) {
      Node file = anyFile();
      long sizeBytes = anySize();
      step = "truncate " + file.real + " to " + sizeBytes;
      AttributeChanges changes = AttributeChanges.ofSize(sizeBytes);
      expect(
          model.truncate(file, sizeBytes),
          () -> bench.volume.attributes().setAttributes(Caller.ROOT, file.real, changes, null));
    } else if (choice < 83) {
      Node source = anyFile();
      Node destination = anyFile();
      step = "clone " + source.real + " to " + destination.real;
      expect(
          model.cloneFile(source, destination),
          () -> bench.volume.clones().cloneFile(Caller.ROOT, source.real, destination.real));
    } else if (choice < 85) {
      cloneTree(directory, name);
    } else if (choice < 89) {
      changeSnapshots(a, directory, name);
    } else if (choice < 91) {
      changeMode(a);
    } else if (choice < 93) {
      changeAttachments(a);
    } else {
      changeStates();
    }
  }

  private void makeFile(Node directory, String name) {
    Node made = new Node(FileType.REGULAR);
    made.mode = 0644;
    made.sizeBytes = random.nextInt(4) == 0 ? anySize() : 0;
    ModelVolume.inherit(directory, made);
    step = "create " + directory.real + "/" + name + " of " + made.sizeBytes;
    AttributeChanges wanted =
        made.sizeBytes == 0 ? AttributeChanges.NONE : AttributeChanges.ofSize(made.sizeBytes);
    expect(
        model.make(directory, name, made),
        () -> made.real = bench.file(Caller.ROOT, directory.real, name, wanted));
  }

  private void makeOther(Node directory, String name) {
    step = "make in " + directory.real + " " + name;
    if (random.nextBoolean()) {
      Node made = new Node(FileType.DIRECTORY);
      made.mode = 0755;
      made.sizeBytes = Directory.SIZE_BYTES;
      ModelVolume.inherit(directory, made);
      expect(
          model.make(directory, name, made),
          () -> made.real = bench.directory(directory.real, name));
    } else {
      Node made = new Node(FileType.SYMBOLIC_LINK);
      made.mode = 0777;
      made.target = name.getBytes(UTF_8);
      made.sizeBytes = made.target.length;
      expect(
          model.make(directory, name, made),
          () ->
              made.real =
                  bench
                      .volume
                      .names()
                      .makeSymbolicLink(
                          Caller.ROOT,
                          directory.real,
                          name(name),
                          made.target,
                          AttributeChanges.NONE)
                      .inode());
    }
  }

  private void removeOne() {
    Node directory = anyDirectory();
    String name = anyEntry(directory);
    boolean asDirectory = random.nextInt(3) == 0;
    step = "remove " + directory.real + "/" + name + (asDirectory ? " as directory" : "");
    expect(
        model.remove(directory, name, asDirectory),
        () -> {
          if (asDirectory) {
            bench.volume.names().removeDirectory(Caller.ROOT, directory.real, name(name));
          } else {
            bench.volume.names().remove(Caller.ROOT, directory.real, name(name));
          }
        });
  }

  private void renameOne(Node to, String newName) {
    Node from = anyDirectory();
    String oldName = anyEntry(from);
    step = "rename " + from.real + "/" + oldName + " to " + to.real + "/" + newName;
    expect(
        model.rename(from, oldName, to, newName),
        () ->
            bench
                .volume
                .names()
                .rename(Caller.ROOT, from.real, name(oldName), to.real, name(newName)));
  }

  private void writeOne(Node file) {
    byte[] data = new byte[random.nextInt(6 * Volume.BLOCK_BYTES)];
    if (random.nextInt(3) == 0) {
      data = new byte[Volume.BLOCK_BYTES * (1 + random.nextInt(3))];
    }
    long offset = random.nextInt(MAX_FILE_BLOCKS * Volume.BLOCK_BYTES);
    offset = random.nextBoolean() ? offset - offset % Volume.BLOCK_BYTES : offset;
    if (random.nextInt(3) > 0) {
      random.nextBytes(data);
    } else {
      Arrays.fill(data, (byte) random.nextInt(3)); // blocks of one repeated word
    }
    byte[] written = data;
    long at = offset;
    step = "write " + file.real + " at " + at + " + " + written.length;
    expect(
        model.write(file, at, written),
        () -> bench.volume.files().write(Caller.ROOT, file.real, at, ByteBuffer.wrap(written)));
  }

  private void changeRange(Node file) {
    long at = anySize();
    long length = anySize() / 2;
    int choice = random.nextInt(10);
    if (choice < 5) {
      Node destination = random.nextInt(4) == 0 ? file : anyFile();
      long from = at / 3 - (random.nextInt(20) == 0 ? 0 : at / 3 % Volume.BLOCK_BYTES);
      long to = random.nextInt(3) == 0 ? from : anyBlock();
      long count = random.nextInt(8) == 0 ? length : length - length % Volume.BLOCK_BYTES;
      long wanted = random.nextInt(3) == 0 ? Math.max(0, file.sizeBytes - from) : count;
      step =
          "clone %d at %d of %s to %d of %s"
              .formatted(wanted, from, file.real, to, destination.real);
      expect(
          model.cloneRange(file, from, destination, to, wanted),
          () ->
              bench
                  .volume
                  .clones()
                  .cloneRange(Caller.ROOT, file.real, from, destination.real, to, wanted));
    } else if (choice < 8) {
      step = "punch %d at %d of %s".formatted(length, at, file.real);
      expect(
          model.punch(file, at, length),
          () -> bench.volume.files().punchHole(Caller.ROOT, file.real, at, length));
    } else {
      long count = length / 4;
      ZeroFill zeroFill = random.nextInt(3) == 0 ? ZeroFill.EAGER : ZeroFill.LAZY;
      step = "allocate %d at %d of %s, %s".formatted(count, at, file.real, zeroFill);
      expect(
          model.allocate(file, at, count, zeroFill == ZeroFill.EAGER),
          () -> bench.volume.files().allocate(Caller.ROOT, file.real, at, count, zeroFill));
    }
  }

  private long anyBlock() {
    return random.nextInt(MAX_FILE_BLOCKS) * (long) Volume.BLOCK_BYTES;
  }

  private void cloneTree(Node parent, String name) {
    Node source = anyDirectory();
    step = "clone tree " + source.real + " to " + parent.real + "/" + name;
    if (nodes.size() > 60) {
      return;
    }
    ArrayError expected = model.cloneTree(source, parent, name);
    expect(
        expected,
        () -> bench.volume.clones().cloneTree(Caller.ROOT, source.real, parent.real, name(name)));
    if (expected == null) {
      adopt(parent.entries.get(name), bench.lookup(parent.real, name));
    }
  }

  private void changeSnapshots(Node source, Node parent, String name) {
    int choice = random.nextInt(4);
    Snap snap = model.snaps.isEmpty() ? null : model.snaps.get(random.nextInt(model.snaps.size()));
    if (choice < 2 || snap == null) {
      step = "snapshot " + source.real + " as s" + name;
      if (nodes.size() + model.snapshotNodes().size() < 150) {
        expect(
            model.createSnapshot(source, "s" + name),
            () -> bench.volume.snapshots().create(Caller.ROOT, source.real, "s" + name));
      }
    } else if (choice == 2) {
      step = "delete snapshot " + snap.name;
      expect(
          model.deleteSnapshot(snap),
          () -> bench.volume.snapshots().delete(Caller.ROOT, snap.real));
    } else if (nodes.size() < 60) {
      step = "restore snapshot " + snap.name + " to " + parent.real + "/" + name;
      ArrayError expected = model.restoreSnapshot(snap, parent, name);
      expect(
          expected,
          () -> bench.volume.snapshots().restore(Caller.ROOT, snap.real, parent.real, name(name)));
      if (expected == null) {
        adopt(parent.entries.get(name), bench.lookup(parent.real, name));
      }
    }
  }

  /** Ties the model's snapshots to the real ones, and compares their lineage. */
  private void adoptSnapshots() {
    List<Snapshot> real = bench.volume.snapshots().all();
    assertThat(real).hasSameSizeAs(model.snaps);
    for (int i = 0; i < real.size(); i++) {
      Snap snap = model.snaps.get(i);
      Snapshot now = real.get(i);
      if (snap.real == null) {
        snap.name = snap.automatic ? now.name() : snap.name;
        adopt(snap.top, now.root());
      }
      snap.real = now;
      assertThat(now)
          .returns(snap.name, Snapshot::name)
          .returns(snap.automatic, Snapshot::automatic)
          .returns(snap.source.real.fileId(), Snapshot::sourceFileId)
          .returns(snap.parent == null ? 0 : snap.parent.real.id(), Snapshot::parentId)
          .returns((int) model.clonesOf(snap), Snapshot::cloneCount);
    }
    model.origins.forEach(
        (clone, snap) ->
            assertThat(bench.volume.snapshots().originOf(clone.real)).contains(snap.real));
  }

  private void compareSnapshots(Map<Node, Long> exclusive, boolean everyContent) {
    for (Node node : model.snapshotNodes()) {
      assertThat(node.real.attributes().linkCount()).isEqualTo(node.links);
      compareAttachments(node);
      if (node.type != FileType.REGULAR) {
        continue;
      }
      compareSpace(node, exclusive.getOrDefault(node, 0L), 0);
      if (everyContent) {
        assertThat(bench.read(node.real)).isEqualTo(model.contents(node));
      }
      assertThat(Workbench.errorOf(() -> bench.write(node.real, 0, new byte[] {1})))
          .isEqualTo(ArrayError.READ_ONLY);
    }
  }

  private void compareTree(Node top) {
    List<Node> files =
        ModelVolume.tree(top).stream().filter(node -> node.type == FileType.REGULAR).toList();
    ModelVolume.TreeFigures figures = model.figures(top);
    long block = Volume.BLOCK_BYTES;
    assertThat(bench.volume.space().ofTree(top.real))
        .isEqualTo(
            new TreeSpace(
                files.size(),
                files.stream().mapToLong(file -> file.sizeBytes).sum(),
                files.stream().mapToLong(file -> file.blocks.size()).sum() * block,
                figures.exclusive() * block,
                figures.live() * block,
                (figures.charged() - figures.live()) * block,
                files.stream().mapToLong(file -> file.promised.size()).sum() * block));
  }

  /** Ties the model's copies to the real ones, name by name. */
  private void adopt(Node copy, Inode real) {
    assertThat(copy.real == null || copy.real == real).as("one clone per hard link").isTrue();
    copy.real = real;
    copy.entries.forEach((name, child) -> adopt(child, bench.lookup(real, name)));
  }

  private void changeStates() {
    String name = "st" + random.nextInt(5);
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        step = "save state " + name;
        expect(model.saveState(name), () -> bench.array.saveState(name));
      }
      case 2 -> {
        step = "delete state " + name;
        expect(model.deleteState(name), () -> bench.array.deleteState(name));
      }
      default -> {
        step = "restore state " + name;
        long verifier = bench.array.writeVerifier();
        ArrayError expected = model.restoreState(name);
        expect(expected, () -> bench.array.restoreState(name));
        if (expected == null) {
          assertThat(bench.array.writeVerifier()).isNotEqualTo(verifier);
          findAllAgain();
        }
      }
    }
  }

  private void compareStates() {
    List<NamedState> real = bench.array.states();
    List<State> expected = model.states.stream().filter(each -> each.name != null).toList();
    assertThat(real).hasSameSizeAs(expected);
    for (int i = 0; i < real.size(); i++) {
      State state = expected.get(i);
      assertThat(real.get(i))
          .returns(state.name, NamedState::name)
          .returns(state == model.current, NamedState::isCurrent)
          .returns(model.kept(state) * Volume.BLOCK_BYTES, NamedState::keptBytes);
    }
  }

  private void changeMode(Node node) {
    int mode = random.nextInt(01000);
    step = "chmod " + node.real;
    node.mode = mode;
    node.acl = node.acl == null ? null : node.acl.withMode(mode, node.isDirectory());
    model.touched.add(node);
    AttributeChanges changes = AttributeChanges.ofMode(mode);
    expect(
        null, () -> bench.volume.attributes().setAttributes(Caller.ROOT, node.real, changes, null));
  }

  private void changeAttachments(Node node) {
    if (random.nextInt(3) == 0) {
      int owner = random.nextInt(2) * (Acl.WRITE_DATA | Acl.APPEND_DATA) | Acl.READ_DATA;
      Acl acl =
          new Acl(
              List.of(
                  new Acl.Entry(Acl.ALLOW, 0, owner, Acl.OWNER),
                  new Acl.Entry(
                      Acl.ALLOW, random.nextInt(16), random.nextInt(64), "someone@example.com"),
                  new Acl.Entry(Acl.DENY, random.nextInt(16), random.nextInt(64), "1000"),
                  new Acl.Entry(Acl.ALLOW, 0, Acl.READ_DATA, Acl.EVERYONE)));
      step = "ACL of " + node.real;
      expect(
          model.setAcl(node, acl),
          () -> bench.volume.attributes().setAcl(Caller.ROOT, node.real, acl));
      return;
    }
    String name = "user.a" + random.nextInt(3);
    byte[] value = new byte[random.nextInt(300)];
    random.nextBytes(value);
    AttributeMode mode = MODES.get(random.nextInt(MODES.size()));
    if (random.nextInt(3) == 0) {
      step = "remove attribute " + name + " of " + node.real;
      expect(
          model.setAttribute(node, name, null, AttributeMode.REPLACE),
          () -> bench.volume.attributes().removeExtendedAttribute(Caller.ROOT, node.real, name));
    } else {
      step = "set attribute " + name + " of " + node.real + ", " + mode;
      expect(
          model.setAttribute(node, name, value, mode),
          () ->
              bench
                  .volume
                  .attributes()
                  .setExtendedAttribute(Caller.ROOT, node.real, name, value, mode));
    }
  }

  private void compareAttachments(Node node) {
    Acl acl = node.acl != null ? node.acl : Acl.ofMode(node.mode, node.isDirectory());
    assertThat(bench.volume.attributes().acl(Caller.ROOT, node.real)).isEqualTo(acl);
    if (node.type != FileType.REGULAR && !node.isDirectory()) {
      return;
    }
    Set<String> names = new HashSet<>();
    bench
        .volume
        .attributes()
        .listExtendedAttributes(Caller.ROOT, node.real, 0, 100)
        .names()
        .forEach(each -> names.add(each.name()));
    assertThat(names).isEqualTo(node.attributes.keySet());
    node.attributes.forEach(
        (name, value) ->
            assertThat(bench.volume.attributes().extendedAttribute(Caller.ROOT, node.real, name))
                .isEqualTo(value));
  }

  private Node anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private Node anyDirectory() {
    List<Node> directories = nodes.stream().filter(Node::isDirectory).toList();
    return random.nextInt(20) == 0
        ? anyNode()
        : directories.get(random.nextInt(directories.size()));
  }

  private Node anyFile() {
    List<Node> files = nodes.stream().filter(node -> node.type == FileType.REGULAR).toList();
    return files.isEmpty() || random.nextInt(20) == 0
        ? anyNode()
        : files.get(random.nextInt(files.size()));
  }

  private String anyEntry(Node directory) {
    List<String> names = List.copyOf(directory.entries.keySet());
    return names.isEmpty() || random.nextInt(8) == 0
        ? "n" + random.nextInt(8)
        : names.get(random.nextInt(names.size()));
  }

  private long anySize() {
    long size = random.nextInt(MAX_FILE_BLOCKS * Volume.BLOCK_BYTES);
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> size - size % Volume.BLOCK_BYTES;
      default -> size;
    };
  }

  private void expect(ArrayError expected, Runnable operation) {
    OUTCOMES.merge(expected, 1, Integer::sum);
    assertThat(Workbench.errorOf(operation)).isEqualTo(expected);
  }

  private void compare(boolean everyContent) {
    bench.array.awaitReclaim();
    Map<Block, Integer> counts = model.counts();
    Set<Node> present = new HashSet<>(model.nodes());
    Map<Node, Long> exclusive = model.exclusive();
    Map<Node, Long> charged = new HashMap<>();
    counts.keySet().forEach(block -> charged.merge(block.owner, 1L, Long::sum));
    long provisioned = 0;
    long referenced = 0;
    for (Node node : present) {
      compareAttributes(node);
      compareAttachments(node);
      compareSpace(node, exclusive.getOrDefault(node, 0L), charged.getOrDefault(node, 0L));
      if (node.isDirectory()) {
        compareEntries(node);
      } else if (node.type == FileType.REGULAR) {
        provisioned += node.sizeBytes;
        referenced += node.blocks.size();
        compareSeeks(node);
        if (everyContent || model.touched.contains(node)) {
          assertThat(bench.read(node.real)).isEqualTo(model.contents(node));
        }
      }
      last.put(node, node.real.attributes());
    }
    compareSnapshots(exclusive, everyContent);
    nodes = model.nodes();
    compareTree(anyNode());
    if (!model.snaps.isEmpty()) {
      compareTree(model.snaps.get(random.nextInt(model.snaps.size())).top);
    }
    List<Node> snapshotNodes = model.snapshotNodes();
    referenced += snapshotNodes.stream().mapToLong(node -> node.blocks.size()).sum();
    long retained =
        charged.entrySet().stream()
            .filter(each -> !present.contains(each.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    long block = Volume.BLOCK_BYTES;
    assertThat(bench.volume.space().ofVolume())
        .isEqualTo(
            new VolumeSpace(
                VOLUME_BLOCKS * block,
                counts.size() * block,
                model.promised() * block,
                referenced * block,
                provisioned,
                retained * block,
                model.retainedByStates() * block,
                0,
                (CAPACITY_BLOCKS - counts.size() - model.promised()) * block,
                present.size() + snapshotNodes.size() + (snapshotNodes.isEmpty() ? 0 : 1)));
    assertThat(bench.array.physicalUsedBytes()).isEqualTo(counts.size() * block);
    compareStates();
    if (everyContent) {
      assertThat(bench.audit()).isEmpty();
    }
  }

  private void compareAttributes(Node node) {
    FileAttributes now = node.real.attributes();
    FileAttributes old = last.get(node);
    assertThat(now.type()).isEqualTo(node.type);
    assertThat(now.mode()).isEqualTo(node.mode);
    assertThat(now.linkCount()).as("links of %s", node.real).isEqualTo(node.links);
    if (node != model.root) {
      assertThat(now.sizeBytes()).isEqualTo(node.sizeBytes);
    }
    assertThat(now.usedBytes()).isEqualTo(node.blocks.size() * (long) Volume.BLOCK_BYTES);
    if (old == null) {
      return;
    }
    if (model.touched.contains(node)) {
      assertThat(now.changeCounter()).isGreaterThan(old.changeCounter());
      assertThat(now.changeTimeNanos()).isGreaterThan(old.changeTimeNanos());
    } else {
      long accessed = now.accessTimeNanos();
      assertThat(now)
          .as("not touched")
          .isEqualTo(AttributeDraft.of(old).accessedAt(accessed).freeze());
    }
  }

  private void compareSeeks(Node file) {
    if (file.sizeBytes == 0) {
      return;
    }
    long offset = random.nextLong(file.sizeBytes);
    assertThat(bench.volume.files().seekData(Caller.ROOT, file.real, offset).offsetBytes())
        .isEqualTo(model.seek(file, offset, true));
    assertThat(bench.volume.files().seekHole(Caller.ROOT, file.real, offset).offsetBytes())
        .isEqualTo(model.seek(file, offset, false));
  }

  private void compareSpace(Node node, long exclusive, long chargedBlocks) {
    long block = Volume.BLOCK_BYTES;
    FileSpace space = bench.volume.space().of(node.real);
    assertThat(space)
        .isEqualTo(
            new FileSpace(
                node.real.attributes().sizeBytes(),
                node.blocks.size() * block,
                exclusive * block,
                chargedBlocks * block,
                node.promised.size() * block));
  }

  private void compareEntries(Node directory) {
    Map<String, Inode> listed = new HashMap<>();
    long cookie = 0;
    for (DirectoryEntry entry : bench.list(directory.real, 5)) {
      assertThat(entry.cookie()).isGreaterThan(cookie);
      cookie = entry.cookie();
      listed.put(entry.name().toString(), entry.inode());
    }
    Map<String, Inode> expected = new HashMap<>();
    directory.entries.forEach((name, node) -> expected.put(name, node.real));
    assertThat(listed).isEqualTo(expected);
    expected.forEach(
        (name, inode) -> assertThat(bench.lookup(directory.real, name)).isSameAs(inode));
    assertThat(bench.lookup(directory.real, "..")).isSameAs(directory.parent.real);
  }
}
