/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * The named states of an array as a tree. Each state comes from another one, except the first. The
 * live array hangs on one of them by {@link Delta#LIVE}. Between neighbours there is an
 * <em>edge</em>, a number under which every volume may have a {@link Delta}.
 *
 * <p>A deleted state leaves the tree if at most two edges meet in it. If more edges meet, it stays
 * without a name, as a fork, until deletions and restores leave two edges. What only it has is
 * released at once all the same ({@link DeltaTrim}).
 *
 * <p>It changes only under the lock of the volumes' registry and all volumes' locks. Therefore each
 * of these locks is enough to look at it.
 */
public final class StateTree {
  /** The row that says where the live array hangs. */
  public static final long CURSOR_ROW = 0;

  /** No edge has this number. */
  public static final long NO_EDGE = -1;

  /** One state. If it has no name, it is deleted, but still a fork. */
  public static final class Node {
    public final long id;
    public final long createdNanos;
    private String name;
    private Node parent;

    /** The edge between this state and its parent; 0 if there is none. */
    private long edge;

    /** In the order in which they were saved, so that the same happens to them in every run. */
    private final Set<Node> children =
        new TreeSet<>(Comparator.comparingLong((Node child) -> child.id));

    public Node(long id, String name, long createdNanos) {
      this.id = id;
      this.name = name;
      this.createdNanos = createdNanos;
    }

    /** Null if it is deleted. */
    public String name() {
      return name;
    }

    public Node parent() {
      return parent;
    }

    public long edge() {
      return edge;
    }

    private void hangOn(Node newParent, long newEdge) {
      if (parent != null) {
        parent.children.remove(this);
      }
      parent = newParent;
      edge = newEdge;
      if (parent != null) {
        parent.children.add(this);
      }
    }
  }

  /** What happens to the deltas when a state goes. */
  public sealed interface Step {
    /** The delta leads to nothing any more. */
    record Drop(long edge) implements Step {}

    /** Two deltas become one. */
    record Merge(long near, long far, long merged) implements Step {}

    /** A deleted state stays as a fork. What only it has goes after all other steps. */
    record Trim(Node fork) implements Step {}
  }

  /**
   * An edge of a state.
   *
   * @param beyond the state to which it leads; null for the live array
   */
  record Edge(long number, Node beyond) {}

  private final TreeMap<Long, Node> byId = new TreeMap<>();
  private final Map<String, Node> byName = new LinkedHashMap<>();

  /** The state from which the live array comes; null if there is no state. */
  private Node current;

  private long nextId = 1;

  /** Rows that changed since the last cut. */
  private final Set<Long> changed = new HashSet<>();

  public Node find(String name) {
    return byName.get(name);
  }

  public Node get(long id) {
    return byId.get(id);
  }

  /** Named states in the order in which they were saved. */
  public List<Node> named() {
    return byId.values().stream().filter(node -> node.name != null).toList();
  }

  public Collection<Node> all() {
    return byId.values();
  }

  public int namedCount() {
    return byName.size();
  }

  public Node current() {
    return current;
  }

  public long nextId() {
    return nextId;
  }

  /** Adds a state, from which the live array comes now. Its edge is 0 if it is the first one. */
  public Node save(String name, long createdNanos) {
    Node node = new Node(nextId++, name, createdNanos);
    if (current != null) {
      node.hangOn(current, nextId++);
    }
    byId.put(node.id, node);
    byName.put(name, node);
    changed.add(node.id);
    moveTo(node);
    return node;
  }

  /** The live array comes from that state now. */
  void moveTo(Node node) {
    current = node;
    changed.add(CURSOR_ROW);
  }

  /**
   * Moves the live array from the state from which it comes to another one. Returns what has to be
   * done to the deltas then, because a deleted state that stayed as a fork may not be a fork any
   * more.
   */
  public List<Step> leaveFor(Node target) {
    Node left = current;
    moveTo(target);
    List<Step> steps = new ArrayList<>();
    collapse(left, steps);
    return steps;
  }

  /** Returns the edges from the state from which the live array comes to another one, in order. */
  public List<Long> path(Node target) {
    List<Node> above = new ArrayList<>();
    for (Node node = current; node != null; node = node.parent) {
      above.add(node);
    }
    List<Long> down = new ArrayList<>();
    Node meeting = target;
    while (!above.contains(meeting)) {
      down.add(0, meeting.edge);
      meeting = meeting.parent;
    }
    List<Long> path = new ArrayList<>();
    for (Node node = current; node != meeting; node = node.parent) {
      path.add(node.edge);
    }
    path.addAll(down);
    return path;
  }

  /** Deletes a state. Returns what has to be done to the deltas of every volume, in order. */
  public List<Step> delete(Node gone) {
    byName.remove(gone.name);
    gone.name = null;
    changed.add(gone.id);
    List<Step> steps = new ArrayList<>();
    collapse(gone, steps);
    return steps;
  }

  // ---------------------------------------------------------------- who has the same of something

  List<Edge> edgesOf(Node node) {
    List<Edge> edges = new ArrayList<>();
    if (node == current) {
      edges.add(new Edge(Delta.LIVE, null));
    }
    if (node.parent != null) {
      edges.add(new Edge(node.edge, node.parent));
    }
    node.children.forEach(child -> edges.add(new Edge(child.edge, child)));
    return edges;
  }

  /**
   * Whether another state with a name, or the live array, has the same of something as a given
   * state.
   *
   * @param except an edge that is not followed
   * @param differs whether the two sides of an edge differ in it
   */
  public boolean isSeen(Node node, long except, LongPredicate differs) {
    for (Edge edge : edgesOf(node)) {
      Node beyond = edge.beyond;
      if (edge.number != except
          && !differs.test(edge.number)
          && (beyond == null || beyond.name != null || isSeen(beyond, edge.number, differs))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the first edge, from a state toward the live array, whose sides differ in something.
   */
  long entry(Node node, LongPredicate differs) {
    Node at = node;
    while (!differs.test(towardLive(at))) {
      long edge = towardLive(at);
      at = edgesOf(at).stream().filter(each -> each.number == edge).findFirst().get().beyond;
    }
    return towardLive(at);
  }

  private long towardLive(Node node) {
    return node == current ? Delta.LIVE : edgeToward(node);
  }

  // ---------------------------------------------------------------- what a deletion does

  private int degree(Node node) {
    return node.children.size() + (node.parent != null ? 1 : 0) + (node == current ? 1 : 0);
  }

  private static long onlyEdge(Node node) {
    if (node.parent != null) {
      return node.edge;
    }
    return node.children.isEmpty() ? Delta.LIVE : node.children.iterator().next().edge;
  }

  private void collapse(Node node, List<Step> steps) {
    if (node.name != null) {
      return;
    }
    if (degree(node) > 2) {
      steps.add(new Step.Trim(node));
      return;
    }
    if (degree(node) == 2) {
      Step.Merge merge = mergeAt(node);
      steps.add(merge);
      edgesOf(node).forEach(edge -> trim(edge.beyond, steps));
      splice(node, merge.merged());
      remove(node);
      return;
    }
    steps.add(new Step.Drop(onlyEdge(node)));
    Node neighbour = node.parent;
    if (node == current) {
      moveTo(null);
    } else if (neighbour != null) {
      node.hangOn(null, 0);
    } else {
      neighbour = node.children.iterator().next();
      hang(neighbour, null, 0);
    }
    remove(node);
    if (neighbour != null) {
      collapse(neighbour, steps);
    }
  }

  private static void trim(Node neighbour, List<Step> steps) {
    if (neighbour != null && neighbour.name == null) {
      steps.add(new Step.Trim(neighbour));
    }
  }

  /** Returns what the deletion of a state merges; null if it merges nothing. */
  public Step.Merge mergeOf(Node state) {
    return degree(state) == 2 ? mergeAt(state) : null;
  }

  /** Returns the merge of both edges of a node, the one toward the live array first. */
  private Step.Merge mergeAt(Node node) {
    List<Long> edges = edgesOf(node).stream().map(Edge::number).toList();
    long near = towardLive(node);
    long far = edges.get(0) == near ? edges.get(1) : edges.get(0);
    return new Step.Merge(near, far, near == Delta.LIVE ? Delta.LIVE : far);
  }

  /** Returns the edge of a node that leads toward the live array. */
  private long edgeToward(Node node) {
    for (Node at = current; at != null; at = at.parent) {
      if (at.parent == node) {
        return at.edge;
      }
    }
    return node.edge;
  }

  /** Joins both neighbours of a node. */
  private void splice(Node node, long merged) {
    List<Node> children = List.copyOf(node.children);
    Node parent = node.parent;
    if (node == current) {
      Node neighbour = parent != null ? parent : children.get(0);
      if (parent == null) {
        hang(neighbour, null, 0);
      }
      moveTo(neighbour);
    } else if (parent != null) {
      hang(children.get(0), parent, merged);
    } else {
      hang(children.get(0), null, 0);
      hang(children.get(1), children.get(0), merged);
    }
    node.hangOn(null, 0);
  }

  private void hang(Node node, Node parent, long edge) {
    node.hangOn(parent, edge);
    changed.add(node.id);
  }

  private void remove(Node node) {
    byId.remove(node.id);
    changed.add(node.id);
  }

  // ---------------------------------------------------------------- stable storage

  /** Returns the ids of rows that changed since {@link #clearChanges}. A row may be gone. */
  public Set<Long> changes() {
    return changed;
  }

  public void clearChanges() {
    changed.clear();
  }

  /** Adds a stored state, which has no parent yet. */
  public void restore(Node node) {
    byId.put(node.id, node);
    if (node.name != null) {
      byName.put(node.name, node);
    }
  }

  /** Joins a stored state to its parent. */
  public void restoreParent(Node node, Node parent, long edge) {
    node.hangOn(parent, edge);
  }

  /** All states are loaded. */
  public void restored(Node liveParent, long next) {
    current = liveParent;
    nextId = next;
  }
}
