/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.facsim.array.inode.Directory;

/**
 * A file system so naive that it can be believed: names in maps, contents as maps of small byte
 * arrays, every figure recounted by walking everything. Each operation answers the error that the
 * real one must answer, or null after doing it, and notes which nodes it touched.
 */
final class ModelVolume {
  static final int BLOCK = Volume.BLOCK_BYTES;

  /** A block: 4096 bytes that some node allocated, maybe in several maps. */
  static final class Block {
    byte[] bytes = new byte[BLOCK];
    Node owner;

    Block(Node owner) {
      this.owner = owner;
    }
  }

  /** An inode. */
  static final class Node {
    final FileType type;
    Inode real;
    int links;
    long sizeBytes;
    int mode;
    byte[] target;
    Node parent;
    final TreeMap<String, Node> entries = new TreeMap<>();
    final TreeMap<Long, Block> blocks = new TreeMap<>();
    final TreeSet<Long> promised = new TreeSet<>();
    final TreeMap<String, byte[]> attributes = new TreeMap<>();
    Acl acl;
    int lastTouched;

    /** The step that made it what it is; a restore brings it back with the rest. */
    int version;

    Node(FileType type) {
      this.type = type;
    }

    boolean isDirectory() {
      return type == FileType.DIRECTORY;
    }
  }

  /** A snapshot; the copy stands beside the namespace. */
  static final class Snap {
    Snapshot real;
    String name;
    final Node source;
    final Node top;
    final boolean automatic;
    final int step;
    Snap parent;

    Snap(Node source, Node top, boolean automatic, int step) {
      this.source = source;
      this.top = top;
      this.automatic = automatic;
      this.step = step;
    }
  }

  /** All of a node that a named state keeps: plain copies. */
  private record NodeImage(
      int links,
      long sizeBytes,
      int mode,
      Node parent,
      Map<String, Node> entries,
      Map<Long, Block> blocks,
      Set<Long> promised,
      Map<String, byte[]> attributes,
      Acl acl,
      int version) {
    static NodeImage of(Node node) {
      return new NodeImage(
          node.links,
          node.sizeBytes,
          node.mode,
          node.parent,
          new TreeMap<>(node.entries),
          new TreeMap<>(node.blocks),
          new TreeSet<>(node.promised),
          new TreeMap<>(node.attributes),
          node.acl,
          node.version);
    }

    void putInto(Node node) {
      node.links = links;
      node.sizeBytes = sizeBytes;
      node.mode = mode;
      node.parent = parent;
      replace(node.entries, entries);
      replace(node.blocks, blocks);
      node.promised.clear();
      node.promised.addAll(promised);
      replace(node.attributes, attributes);
      node.acl = acl;
      node.version = version;
    }

    private static <K, V> void replace(Map<K, V> target, Map<K, V> source) {
      target.clear();
      target.putAll(source);
    }
  }

  /**
   * A named state: a copy of everything; no name and no copies if it is deleted and still a fork.
   */
  static final class State {
    String name;
    private final Map<Node, NodeImage> images = new HashMap<>();
    private final List<Snap> snaps;
    private final Map<Snap, Snap> parents = new HashMap<>();
    private final Map<Node, Snap> origins;
    private final Set<State> neighbours = new HashSet<>();

    State(String name, ModelVolume model) {
      this.name = name;
      snaps = new ArrayList<>(model.snaps);
      snaps.forEach(snap -> parents.put(snap, snap.parent));
      origins = new HashMap<>(model.origins);
      model.allNodes().forEach(node -> images.put(node, NodeImage.of(node)));
    }
  }

  /** In the order of their saving. */
  final List<State> states = new ArrayList<>();

  State current;
  private final Set<Node> restored = new HashSet<>();

  final Node root = new Node(FileType.DIRECTORY);
  final List<Snap> snaps = new ArrayList<>();
  final Map<Node, Snap> origins = new HashMap<>();
  private int step;
  final long limitBlocks;
  final Set<Node> touched = new HashSet<>();

  ModelVolume(Inode realRoot, long limitBlocks) {
    this.limitBlocks = limitBlocks;
    root.real = realRoot;
    root.links = 2;
    root.sizeBytes = Directory.SIZE_BYTES;
    root.mode = 0755;
    root.parent = root;
  }

  /** All inodes with a name, each once; not those in snapshots. */
  List<Node> nodes() {
    return tree(root);
  }

  /** A new step begins. */
  void nextStep() {
    touched.clear();
    restored.clear();
    step++;
  }

  /** Ends a step: remembers what it touched; snapshots of the array go with their last clone. */
  void settle() {
    for (Node node : touched) {
      node.lastTouched = step;
      node.version = restored.contains(node) ? node.version : step;
    }
    Set<Node> present = new HashSet<>(nodes());
    origins.keySet().removeIf(node -> !present.contains(node));
    List.copyOf(snaps).stream()
        .filter(snap -> snap.automatic && clonesOf(snap) == 0)
        .forEach(this::forget);
  }

  long clonesOf(Snap snap) {
    return origins.values().stream().filter(each -> each == snap).count();
  }

  private void forget(Snap gone) {
    snaps.remove(gone);
    snaps.stream().filter(each -> each.parent == gone).forEach(each -> each.parent = gone.parent);
  }

  /** With everything below, each once. */
  static List<Node> tree(Node top) {
    List<Node> found = new ArrayList<>(List.of(top));
    Set<Node> seen = new HashSet<>(found);
    for (int i = 0; i < found.size(); i++) {
      for (Node child : found.get(i).entries.values()) {
        if (seen.add(child)) {
          found.add(child);
        }
      }
    }
    return found;
  }

  List<Node> snapshotNodes() {
    return snaps.stream().flatMap(snap -> tree(snap.top).stream()).toList();
  }

  private List<Node> allNodes() {
    List<Node> all = new ArrayList<>(nodes());
    all.addAll(snapshotNodes());
    return all;
  }

  /** What all files of a tree would free together, and what they are charged for and still map. */
  record TreeFigures(long exclusive, long live, long charged) {}

  TreeFigures figures(Node top) {
    Set<Node> inside = new HashSet<>(tree(top));
    Map<Block, Set<Object>> holders = holders();
    long exclusive = 0;
    long live = 0;
    long charged = 0;
    for (Map.Entry<Block, Set<Object>> each : holders.entrySet()) {
      Node owner = each.getKey().owner;
      exclusive += inside.containsAll(each.getValue()) ? 1 : 0;
      charged += inside.contains(owner) ? 1 : 0;
      live += inside.contains(owner) && each.getValue().contains(owner) ? 1 : 0;
    }
    return new TreeFigures(exclusive, live, charged);
  }

  /** By nodes, and by states. */
  private Map<Block, Set<Object>> holders() {
    Map<Block, Set<Object>> holders = new HashMap<>();
    for (State state : states) {
      for (NodeImage image : state.images.values()) {
        for (Block block : image.blocks().values()) {
          holders.computeIfAbsent(block, any -> new HashSet<>()).add(state);
        }
      }
    }
    for (Node node : allNodes()) {
      for (Block block : node.blocks.values()) {
        holders.computeIfAbsent(block, any -> new HashSet<>()).add(node);
      }
    }
    return holders;
  }

  /** How many maps hold each block. */
  Map<Block, Integer> counts() {
    Map<Block, Integer> counts = new HashMap<>();
    for (Node node : allNodes()) {
      node.blocks.values().forEach(block -> counts.merge(block, 1, Integer::sum));
    }
    for (State state : states) {
      for (NodeImage image : state.images.values()) {
        image.blocks().values().forEach(block -> counts.merge(block, 1, Integer::sum));
      }
    }
    return counts;
  }

  /** Blocks promised to all files. */
  long promised() {
    return nodes().stream().mapToLong(node -> node.promised.size()).sum();
  }

  /** How many blocks each node would free. */
  Map<Node, Long> exclusive() {
    Map<Node, Long> exclusive = new HashMap<>();
    holders().values().stream()
        .filter(each -> each.size() == 1 && each.iterator().next() instanceof Node)
        .forEach(each -> exclusive.merge((Node) each.iterator().next(), 1L, Long::sum));
    return exclusive;
  }

  /** Blocks that only states hold. */
  long retainedByStates() {
    return holders().values().stream()
        .filter(each -> each.stream().allMatch(State.class::isInstance))
        .count();
  }

  // ---------------------------------------------------------------- named states

  /** Blocks that would come back if only this state were deleted. */
  long kept(State state) {
    return holders().values().stream().filter(each -> each.equals(Set.of(state))).count();
  }

  private int degree(State state) {
    return state.neighbours.size() + (state == current ? 1 : 0);
  }

  ArrayError saveState(String name) {
    if (find(name) != null) {
      return ArrayError.EXISTS;
    }
    State saved = new State(name, this);
    if (current != null) {
      join(current, saved);
    }
    states.add(saved);
    current = saved;
    return null;
  }

  State find(String name) {
    return states.stream().filter(each -> name.equals(each.name)).findFirst().orElse(null);
  }

  private static void join(State a, State b) {
    a.neighbours.add(b);
    b.neighbours.add(a);
  }

  ArrayError deleteState(String name) {
    State gone = find(name);
    if (gone == null) {
      return ArrayError.NOT_FOUND;
    }
    gone.name = null;
    gone.images.clear(); // it may stay in the tree, but what only it has goes at once
    State next = gone;
    while (next != null) {
      remove(next);
      next =
          states.stream()
              .filter(each -> each.name == null && degree(each) <= 2)
              .findFirst()
              .orElse(null);
    }
    return null;
  }

  private void remove(State state) {
    if (degree(state) > 2) {
      return;
    }
    List<State> neighbours = List.copyOf(state.neighbours);
    neighbours.forEach(each -> each.neighbours.remove(state));
    if (neighbours.size() == 2) {
      join(neighbours.get(0), neighbours.get(1));
    }
    if (state == current) {
      current = neighbours.isEmpty() ? null : neighbours.get(0);
    }
    states.remove(state);
  }

  ArrayError restoreState(String name) {
    State state = find(name);
    if (state == null) {
      return ArrayError.NOT_FOUND;
    }
    Set<Block> afterwards = new HashSet<>();
    states.forEach(
        each -> each.images.values().forEach(image -> afterwards.addAll(image.blocks().values())));
    long promised =
        state.images.values().stream().mapToLong(image -> image.promised().size()).sum();
    if (promised > promised() && afterwards.size() + promised > limitBlocks) {
      return ArrayError.NO_SPACE;
    }
    Set<Node> before = new HashSet<>(nodes());
    Map<Node, Integer> versions = new HashMap<>();
    before.forEach(node -> versions.put(node, node.version));
    state.images.forEach((node, image) -> image.putInto(node));
    snaps.clear();
    snaps.addAll(state.snaps);
    snaps.forEach(snap -> snap.parent = state.parents.get(snap));
    origins.clear();
    origins.putAll(state.origins);
    current = state;
    for (Node node : nodes()) {
      if (!before.contains(node) || versions.get(node) != node.version) {
        touched.add(node);
        restored.add(node);
      }
    }
    return null;
  }

  byte[] contents(Node file) {
    byte[] data = new byte[Math.toIntExact(file.sizeBytes)];
    file.blocks.forEach(
        (index, block) -> {
          int start = Math.toIntExact(index * BLOCK);
          int count = Math.min(BLOCK, data.length - start);
          if (count > 0) {
            System.arraycopy(block.bytes, 0, data, start, count);
          }
        });
    return data;
  }

  ArrayError make(Node directory, String name, Node made) {
    if (!directory.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (directory.entries.containsKey(name)) {
      return ArrayError.EXISTS;
    }
    directory.entries.put(name, made);
    touched.add(directory);
    touched.add(made);
    if (made.isDirectory()) {
      made.links = 2;
      made.parent = directory;
      directory.links++;
    } else {
      made.links = 1;
    }
    return null;
  }

  ArrayError link(Node file, Node directory, String name) {
    if (file.isDirectory()) {
      return ArrayError.IS_DIRECTORY;
    }
    if (!directory.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (directory.entries.containsKey(name)) {
      return ArrayError.EXISTS;
    }
    directory.entries.put(name, file);
    file.links++;
    touched.addAll(List.of(file, directory));
    return null;
  }

  ArrayError remove(Node directory, String name, boolean asDirectory) {
    if (!directory.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    Node node = directory.entries.get(name);
    if (node == null) {
      return ArrayError.NOT_FOUND;
    }
    if (asDirectory && !node.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (asDirectory && !node.entries.isEmpty()) {
      return ArrayError.NOT_EMPTY;
    }
    if (!asDirectory && node.isDirectory()) {
      return ArrayError.IS_DIRECTORY;
    }
    directory.entries.remove(name);
    touched.addAll(List.of(directory, node));
    drop(directory, node);
    return null;
  }

  private static void drop(Node directory, Node node) {
    if (node.isDirectory()) {
      node.links = 0;
      directory.links--;
    } else {
      node.links--;
    }
  }

  ArrayError rename(Node from, String oldName, Node to, String newName) {
    if (!from.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    Node moved = from.entries.get(oldName);
    if (moved == null) {
      return ArrayError.NOT_FOUND;
    }
    if (!to.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    Node target = to.entries.get(newName);
    if (target == moved) {
      return null;
    }
    if (target != null && moved.isDirectory() != target.isDirectory()) {
      return moved.isDirectory() ? ArrayError.NOT_DIRECTORY : ArrayError.IS_DIRECTORY;
    }
    if (moved.isDirectory()) {
      for (Node above = to; above != root; above = above.parent) {
        if (above == moved) {
          return ArrayError.INVALID_ARGUMENT;
        }
      }
      if (target != null && !target.entries.isEmpty()) {
        return ArrayError.NOT_EMPTY;
      }
    }
    touched.addAll(List.of(from, to, moved));
    from.entries.remove(oldName);
    to.entries.put(newName, moved);
    if (target != null) {
      touched.add(target);
      drop(to, target);
    }
    if (moved.isDirectory()) {
      from.links--;
      to.links++;
      moved.parent = to;
    }
    return null;
  }

  ArrayError write(Node file, long offsetBytes, byte[] data) {
    ArrayError wrong = wrongType(file);
    if (wrong != null || data.length == 0) {
      return wrong;
    }
    if (!fits(needed(file, offsetBytes, offsetBytes + data.length))) {
      return ArrayError.NO_SPACE;
    }
    put(file, offsetBytes, data);
    file.sizeBytes = Math.max(file.sizeBytes, offsetBytes + data.length);
    touched.add(file);
    return null;
  }

  private boolean fits(long neededBlocks) {
    return neededBlocks == 0 || counts().size() + promised() + neededBlocks <= limitBlocks;
  }

  /**
   * Blocks that writing a range of bytes takes beyond the promised ones. A block held twice in the
   * range is shared at its first place only; where there are promises nobody is that exact.
   */
  private long needed(Node file, long from, long to) {
    Map<Block, Integer> counts = counts();
    long first = from / BLOCK;
    long last = (to - 1) / BLOCK;
    boolean anyPromise = !file.promised.subSet(first, last + 1).isEmpty();
    long needed = 0;
    for (long index = first; index <= last; index++) {
      Block block = file.blocks.get(index);
      boolean allocates = block == null || counts.get(block) > 1;
      if (allocates && block != null && !anyPromise) {
        counts.merge(block, -1, Integer::sum);
      }
      needed += allocates && !file.promised.contains(index) ? 1 : 0;
    }
    return needed;
  }

  private void put(Node file, long offsetBytes, byte[] data) {
    Map<Block, Integer> counts = counts();
    for (int i = 0; i < data.length; i++) {
      long at = offsetBytes + i;
      writable(file, at / BLOCK, counts).bytes[(int) (at % BLOCK)] = data[i];
      file.promised.remove(at / BLOCK);
    }
  }

  private static Block writable(Node file, long index, Map<Block, Integer> counts) {
    Block block = file.blocks.get(index);
    if (block == null || counts.get(block) > 1) {
      Block own = new Block(file);
      if (block != null) {
        own.bytes = block.bytes.clone();
        counts.merge(block, -1, Integer::sum);
      }
      counts.put(own, 1);
      file.blocks.put(index, own);
      return own;
    }
    block.owner = file;
    return block;
  }

  ArrayError truncate(Node file, long sizeBytes) {
    if (file.type != FileType.REGULAR) {
      return file.isDirectory() ? ArrayError.IS_DIRECTORY : ArrayError.INVALID_ARGUMENT;
    }
    if (sizeBytes < file.sizeBytes && !unmap(file, sizeBytes, Volume.MAX_FILE_BYTES)) {
      return ArrayError.NO_SPACE;
    }
    file.sizeBytes = sizeBytes;
    touched.add(file);
    return null;
  }

  ArrayError punch(Node file, long offsetBytes, long lengthBytes) {
    if (file.type != FileType.REGULAR) {
      return ArrayError.WRONG_TYPE;
    }
    if (lengthBytes == 0) {
      return ArrayError.INVALID_ARGUMENT;
    }
    long end = offsetBytes + lengthBytes;
    if (!unmap(file, offsetBytes, end >= file.sizeBytes ? roundUp(end) : end)) {
      return ArrayError.NO_SPACE;
    }
    touched.add(file);
    return null;
  }

  /** Makes a range zeros, whole blocks by leaving them out; false, and nothing, if it cannot. */
  private boolean unmap(Node file, long from, long to) {
    long firstWhole = roundUp(from);
    long endWhole = to - to % BLOCK;
    List<long[]> rests = new ArrayList<>();
    if (firstWhole > endWhole) {
      rests.add(new long[] {from, to});
    } else {
      rests.add(new long[] {from, firstWhole});
      rests.add(new long[] {endWhole, to});
    }
    rests.removeIf(
        rest -> {
          Block block = file.blocks.get(rest[0] / BLOCK);
          return rest[0] == rest[1] || block == null || Arrays.equals(block.bytes, new byte[BLOCK]);
        });
    if (!fits(rests.stream().mapToLong(rest -> needed(file, rest[0], rest[1])).sum())) {
      return false;
    }
    rests.forEach(rest -> put(file, rest[0], new byte[(int) (rest[1] - rest[0])]));
    if (firstWhole < endWhole) {
      file.blocks.subMap(firstWhole / BLOCK, endWhole / BLOCK).clear();
      file.promised.subSet(firstWhole / BLOCK, endWhole / BLOCK).clear();
    }
    return true;
  }

  ArrayError allocate(Node file, long offsetBytes, long lengthBytes, boolean eagerly) {
    if (file.type != FileType.REGULAR) {
      return ArrayError.WRONG_TYPE;
    }
    if (lengthBytes == 0) {
      return ArrayError.INVALID_ARGUMENT;
    }
    Map<Block, Integer> counts = counts();
    List<Long> unsure = new ArrayList<>();
    for (long index = offsetBytes / BLOCK; index * BLOCK < offsetBytes + lengthBytes; index++) {
      if (counts.getOrDefault(file.blocks.get(index), 0) != 1) {
        unsure.add(index);
      }
    }
    if (!fits(unsure.stream().filter(index -> !file.promised.contains(index)).count())) {
      return ArrayError.NO_SPACE;
    }
    for (long index : unsure) {
      if (eagerly && !file.blocks.containsKey(index)) {
        file.blocks.put(index, new Block(file));
        file.promised.remove(index);
      } else {
        file.promised.add(index);
      }
    }
    file.sizeBytes = Math.max(file.sizeBytes, offsetBytes + lengthBytes);
    touched.add(file);
    return null;
  }

  /**
   * @param value null to remove
   */
  ArrayError setAttribute(Node node, String name, byte[] value, Volume.AttributeMode mode) {
    if (node.type != FileType.REGULAR && !node.isDirectory()) {
      return ArrayError.NOT_PERMITTED;
    }
    boolean known = node.attributes.containsKey(name);
    if (known && mode == Volume.AttributeMode.CREATE) {
      return ArrayError.EXISTS;
    }
    if (!known && mode == Volume.AttributeMode.REPLACE) {
      return ArrayError.NO_ATTRIBUTE;
    }
    if (value == null) {
      node.attributes.remove(name);
    } else {
      node.attributes.put(name, value);
    }
    touched.add(node);
    return null;
  }

  ArrayError setAcl(Node node, Acl acl) {
    if (node.type == FileType.SYMBOLIC_LINK) {
      return ArrayError.NOT_SUPPORTED;
    }
    node.acl = acl;
    node.mode = acl.applyTo(node.mode);
    touched.add(node);
    return null;
  }

  /** Gives a new node what its directory's ACL has for it, and the mode that follows from it. */
  static void inherit(Node directory, Node made) {
    made.acl = directory.acl == null ? null : directory.acl.inheritedBy(made.isDirectory());
    made.mode = made.acl == null ? made.mode : made.acl.applyTo(made.mode);
  }

  /** The first byte of data, or of a hole, at or after an offset in the file. */
  long seek(Node file, long offsetBytes, boolean data) {
    long index = offsetBytes / BLOCK;
    while (index * BLOCK < file.sizeBytes && file.blocks.containsKey(index) != data) {
      index++;
    }
    return Math.min(file.sizeBytes, Math.max(offsetBytes, index * BLOCK));
  }

  static long roundUp(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  ArrayError cloneRange(Node source, long from, Node destination, long to, long lengthBytes) {
    if (source.type != FileType.REGULAR || destination.type != FileType.REGULAR) {
      return ArrayError.WRONG_TYPE;
    }
    long length = lengthBytes == 0 ? source.sizeBytes - from : lengthBytes;
    boolean overlaps = source == destination && Math.abs(from - to) < length;
    if (from + length > source.sizeBytes
        || from > source.sizeBytes
        || from % BLOCK != 0
        || to % BLOCK != 0
        || (length % BLOCK != 0 && from + length != source.sizeBytes)
        || overlaps) {
      return ArrayError.INVALID_ARGUMENT;
    }
    if (length == 0) {
      return null;
    }
    Map<Long, Block> pieces =
        new HashMap<>(source.blocks.subMap(from / BLOCK, roundUp(from + length) / BLOCK));
    destination.blocks.subMap(to / BLOCK, roundUp(to + length) / BLOCK).clear();
    pieces.forEach((index, block) -> destination.blocks.put(index + (to - from) / BLOCK, block));
    destination.sizeBytes = Math.max(destination.sizeBytes, to + length);
    touched.add(destination);
    return null;
  }

  ArrayError cloneFile(Node source, Node destination) {
    if (source == destination) {
      return ArrayError.INVALID_ARGUMENT;
    }
    ArrayError wrong = wrongType(source);
    wrong = wrong == null ? wrongType(destination) : wrong;
    if (wrong != null) {
      return wrong;
    }
    destination.blocks.clear();
    destination.blocks.putAll(source.blocks);
    if (source.sizeBytes < destination.sizeBytes) {
      destination.promised.tailSet(roundUp(source.sizeBytes) / BLOCK).clear();
    }
    destination.sizeBytes = source.sizeBytes;
    touched.add(destination);
    return null;
  }

  private static ArrayError wrongType(Node file) {
    if (file.type == FileType.REGULAR) {
      return null;
    }
    return file.isDirectory() ? ArrayError.IS_DIRECTORY : ArrayError.WRONG_TYPE;
  }

  ArrayError cloneTree(Node source, Node parent, String name) {
    if (!source.isDirectory() || !parent.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (parent.entries.containsKey(name)) {
      return ArrayError.EXISTS;
    }
    for (Node above = parent; ; above = above.parent) {
      if (above == source) {
        return ArrayError.INVALID_ARGUMENT;
      }
      if (above == root) {
        break;
      }
    }
    int lastTouched = tree(source).stream().mapToInt(node -> node.lastTouched).max().orElseThrow();
    Snap last = lastOf(source);
    boolean reusable = last != null && last.automatic && last.step >= lastTouched;
    Snap origin = reusable ? last : snap(source, null, true);
    origins.put(insertCopy(source, parent, name), origin);
    return null;
  }

  private Node insertCopy(Node source, Node parent, String name) {
    Node copy = copyOf(source, parent, new HashMap<>());
    parent.entries.put(name, copy);
    parent.links += copy.isDirectory() ? 1 : 0;
    touched.add(parent);
    return copy;
  }

  private Snap lastOf(Node source) {
    return snaps.stream()
        .filter(snap -> snap.source == source)
        .reduce((earlier, later) -> later)
        .orElse(null);
  }

  private Snap snap(Node source, String name, boolean automatic) {
    Snap snap = new Snap(source, copyOf(source, root, new HashMap<>()), automatic, step);
    Snap last = lastOf(source);
    snap.name = name;
    snap.parent = last != null ? last : origins.get(source);
    snaps.add(snap);
    return snap;
  }

  ArrayError createSnapshot(Node source, String name) {
    if (source.type != FileType.REGULAR && !source.isDirectory()) {
      return ArrayError.WRONG_TYPE;
    }
    if (snaps.stream().anyMatch(snap -> name.equals(snap.name))) {
      return ArrayError.EXISTS;
    }
    snap(source, name, false);
    return null;
  }

  ArrayError deleteSnapshot(Snap snap) {
    if (clonesOf(snap) > 0) {
      return ArrayError.BUSY;
    }
    forget(snap);
    return null;
  }

  ArrayError restoreSnapshot(Snap snap, Node parent, String name) {
    if (!parent.isDirectory()) {
      return ArrayError.NOT_DIRECTORY;
    }
    if (parent.entries.containsKey(name)) {
      return ArrayError.EXISTS;
    }
    origins.put(insertCopy(snap.top, parent, name), snap);
    return null;
  }

  private Node copyOf(Node original, Node parent, Map<Node, Node> copies) {
    Node known = copies.get(original);
    if (known != null) {
      known.links++;
      return known;
    }
    Node copy = new Node(original.type);
    copies.put(original, copy);
    touched.add(copy);
    copy.links = original.isDirectory() ? 2 : 1;
    copy.sizeBytes = original.sizeBytes;
    copy.mode = original.mode;
    copy.target = original.target;
    copy.parent = parent;
    copy.blocks.putAll(original.blocks);
    copy.attributes.putAll(original.attributes);
    copy.acl = original.acl;
    original.entries.forEach(
        (name, child) -> {
          copy.entries.put(name, copyOf(child, copy, copies));
          copy.links += child.isDirectory() ? 1 : 0;
        });
    return copy;
  }
}
