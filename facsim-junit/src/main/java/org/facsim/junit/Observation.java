/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.facsim.array.FileSpace;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.explain.Explanation;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalPage;

/**
 * What happens to an array from a moment on, and what is expected of it. A test's parameter begins
 * with the test; {@link #of} begins anew.
 *
 * <pre>{@code
 * Observation since = Observation.of(array);
 * hostClones("vm", "clone");
 * since.clone("/datastore1/clone/clone-flat.vmdk").movedBytes(0);
 * since.space().grewByAtMost(1 << 20);
 * since.no("WRITE").reached("/datastore1/clone/clone-flat.vmdk");
 * }</pre>
 *
 * <p>What is not as expected is an {@link AssertionError} that says what was found instead. What
 * the journal no longer knows is never taken for granted: then it is an error, too.
 */
public final class Observation {
  private static final int SHOWN_CALLS = 10;

  private final FacsimArray array;
  private final long usedBefore;
  private final long callsBefore;

  private Observation(FacsimArray array) {
    this.array = array;
    usedBefore = array.storage().physicalUsedBytes();
    callsBefore = array.journal().status().lastSequence();
  }

  /** Begins now. */
  public static Observation of(FacsimArray array) {
    return new Observation(array);
  }

  // ---------------------------------------------------------------- clones

  /** A file that was cloned. */
  public CloneOf clone(String path) {
    return new CloneOf(path);
  }

  /** What is expected of a clone. */
  public final class CloneOf {
    private final String path;
    private final Explanation why;

    private CloneOf(String path) {
      this.path = path;
      Optional<Explanation> known = array.why(path);
      why =
          known.orElseThrow(
              () -> new AssertionError("the array knows no file and no clone " + path));
    }

    /** A host asked the array to clone it, and the array did: every block comes from the source. */
    public CloneOf wasOffloaded() {
      return expect(
          why.outcome().isOffloaded(), "%s was to be cloned by the array".formatted(path));
    }

    /** The array did not clone it: what is in it came over the wire. */
    public CloneOf wasNotOffloaded() {
      return expect(
          !why.outcome().isOffloaded(), "%s was not to be cloned by the array".formatted(path));
    }

    /** This number of bytes of its contents was moved, over the wire or inside the array. */
    public CloneOf movedBytes(long bytes) {
      long moved = why.moved().writtenBytes() + why.moved().copiedBytes();
      return expect(
          moved == bytes,
          "the clone %s was to move %,d bytes and moved %,d".formatted(path, bytes, moved));
    }

    /** Deleting it would free this number of bytes. */
    public CloneOf hasOfItsOwn(long bytes) {
      FileSpace space = array.files().space(path);
      return expect(
          space.exclusiveBytes() == bytes,
          "%s was to have %,d bytes of its own and has %,d (%s)"
              .formatted(path, bytes, space.exclusiveBytes(), space));
    }

    private CloneOf expect(boolean holds, String complaint) {
      if (!holds) {
        throw new AssertionError(complaint + ": " + why.headline());
      }
      return this;
    }
  }

  // ---------------------------------------------------------------- space

  /** The physical space of the whole array. */
  public Space space() {
    return new Space();
  }

  /** What is expected of the space since the beginning. */
  public final class Space {
    private final long grownBytes;

    private Space() {
      array.storage().awaitReclaim();
      grownBytes = array.storage().physicalUsedBytes() - usedBefore;
    }

    /** It grew by exactly this number of bytes; a negative number if it shrank. */
    public void grewBy(long bytes) {
      if (grownBytes != bytes) {
        throw new AssertionError(
            "the space was to grow by %,d bytes and grew by %,d".formatted(bytes, grownBytes));
      }
    }

    public void grewByAtMost(long bytes) {
      if (grownBytes > bytes) {
        throw new AssertionError(
            "the space was to grow by at most %,d bytes and grew by %,d"
                .formatted(bytes, grownBytes));
      }
    }

    public void didNotChange() {
      grewBy(0);
    }
  }

  // ---------------------------------------------------------------- calls

  /** No call of this procedure, for example {@code WRITE}. */
  public Calls no(String procedure) {
    return exactly(0, procedure);
  }

  /** As many calls of this procedure as the count says. */
  public Calls exactly(long count, String procedure) {
    return new Calls(count, procedure);
  }

  /** What is expected of the calls since the beginning. */
  public final class Calls {
    private final long count;
    private final String procedure;

    private Calls(long count, String procedure) {
      this.count = count;
      this.procedure = procedure;
    }

    /**
     * They were about such a file.
     *
     * @param pathGlob a path, in which {@code *} stands for a part of a name and {@code **} for any
     *     number of directories
     */
    public void reached(String pathGlob) {
      expect(CallFilter.calls().procedure(procedure).path(pathGlob), " for " + pathGlob);
    }

    /**
     * They came from such a client.
     *
     * @param range an address, or a network such as {@code 10.0.0.0/8}
     */
    public void cameFrom(String range) {
      expect(CallFilter.calls().procedure(procedure).from(range), " from " + range);
    }

    /** They were about anything. */
    public void reachedTheArray() {
      expect(CallFilter.calls().procedure(procedure), "");
    }

    private void expect(CallFilter filter, String of) {
      Journal journal = array.journal();
      if (journal.status().entries() == 0) {
        throw new AssertionError("the journal is off, so nobody knows; see FacsimTest.journal");
      }
      long found = 0;
      List<JournalEntry> shown = List.of();
      JournalPage page = journal.after(filter, callsBefore, Journal.MAX_PAGE);
      boolean isComplete = page.isComplete();
      while (true) {
        found += page.entries().size();
        if (shown.isEmpty()) {
          shown = page.entries().stream().limit(SHOWN_CALLS).toList();
        }
        if (page.nextAfter() >= page.lastSequence() || page.entries().isEmpty()) {
          break;
        }
        page = journal.after(filter, page.nextAfter(), Journal.MAX_PAGE);
      }
      if (found != count || !isComplete) {
        throw new AssertionError(
            complaint(found, of, isComplete, found < count ? others(shown) : shown));
      }
    }

    /** Calls that were found, or others of this procedure if there were none. */
    private List<JournalEntry> others(List<JournalEntry> found) {
      return found.isEmpty()
          ? array
              .journal()
              .after(CallFilter.calls().procedure(procedure), callsBefore, SHOWN_CALLS)
              .entries()
          : found;
    }

    private String complaint(long found, String of, boolean isComplete, List<JournalEntry> shown) {
      String text =
          "%s of %s%s expected, %d found"
              .formatted(count == 0 ? "no call" : count + " calls", procedure, of, found);
      if (!isComplete) {
        text += " among the calls that the journal still has; it has lost some since the beginning";
      }
      return shown.isEmpty()
          ? text
          : text
              + shown.stream().map(call -> "\n  " + call).collect(Collectors.joining("", ":", ""));
    }
  }
}
