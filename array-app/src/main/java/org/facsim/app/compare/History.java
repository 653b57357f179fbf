/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.services.access.NfsVersion;

/**
 * Makes histories. The same version, seed and count make the same history, whatever any server
 * answers: it draws names from a small pool, so that calls meet, and refers to objects by the steps
 * that should have brought their handles.
 */
final class History {
  private static final String[] NAMES = {"a", "b", "c", "d", "e", "f", "dir", "ä", "x.y", "-"};
  private static final String[] ODD_NAMES = {
    "", ".", "..", "a/b", "n".repeat(255), "n".repeat(256)
  };
  private static final String[] TARGETS = {"a", "../b", "/absolute", "gone", "t".repeat(1000)};
  private static final String[] XATTRS = {"one", "two"};
  private static final long[] OFFSETS = {
    0, 1, 100, 4095, 4096, 4097, 8192, 10_000, 12_288, 16_384, 65_536, 1L << 20
  };
  private static final long[] LENGTHS = {0, 1, 100, 4095, 4096, 5000, 8192, 12_288, 65_536};
  private static final long[] BLOCKS = {0, 4096, 8192, 12_288, 16_384, 65_536};
  private static final long[] MODES = {0644, 0600, 0666, 0755, 0777, 0, 0444, 0200, 0640, 06755};
  private static final long[] USERS = {0, 1000, 1001, 4_000_000};
  private static final int ODD = 20;
  private static final int BEGINNING = 9;
  private static final int CLONE_TAIL = 4;

  /** Seconds since 1970 that are no server's own time. */
  static final long FIRST_TIME = 900_000_000;

  static final long TIMES = 10_000;

  private final NfsVersion version;
  private final SplittableRandom random;
  private final Act[] acts;
  private final int weights;
  private final List<Integer> folders = new ArrayList<>(List.of(0));
  private final List<Integer> links = new ArrayList<>();
  private final List<Integer> files = new ArrayList<>();
  private final List<Integer> all = new ArrayList<>(List.of(0));

  /** Opens of NFSv4; what belongs to an owner is mostly about one of them. */
  private final List<Draft> opens = new ArrayList<>();

  private final List<Draft> locked = new ArrayList<>();

  private History(NfsVersion version, long seed) {
    this.version = version;
    random = new SplittableRandom(seed);
    acts = Arrays.stream(Act.values()).filter(each -> each.isIn(version)).toArray(Act[]::new);
    weights = Arrays.stream(acts).mapToInt(each -> each.weight).sum();
  }

  /**
   * The history of a seed.
   *
   * @param calls 1 or more
   */
  static List<Step> of(NfsVersion version, long seed, int calls) {
    History history = new History(version, seed);
    List<Step> steps = new ArrayList<>(calls);
    for (int number = 1; number <= calls; number++) {
      steps.add(history.next(number));
    }
    return List.copyOf(steps);
  }

  private Step next(int number) {
    Draft draft = number <= BEGINNING ? beginning(number) : drawn(number);
    remember(draft);
    return draft.step();
  }

  /** Every history begins with folders and files that the rest can be about. */
  private Draft beginning(int number) {
    Act act = number <= 2 ? Act.MKDIR : number <= 7 ? creation() : Act.WRITE;
    // a file that both have open, and one of each client alone
    Draft draft = new Draft(number, number == 6 || number == 7 ? 1 : 0, act);
    switch (act) {
      case MKDIR -> {
        draft.name = number == 1 ? "dir" : "f";
        draft.value = 0777;
      }
      case WRITE -> {
        draft.object = number - 5;
        draft.offset = number == 8 ? 0 : 8192;
        draft.length = number == 8 ? 65_536 : 12_288;
      }
      default -> {
        draft.name = NAMES[number == 6 ? 0 : number - 3];
        draft.value = act == Act.CREATE ? 0666 : 0;
        draft.offset = 3;
        draft.how = act == Act.CREATE ? 0 : StepWords.OPEN_CREATES;
      }
    }
    return draft;
  }

  private Draft drawn(int number) {
    Act act = drawn();
    Draft draft = new Draft(number, random.nextInt(4) == 0 ? 1 : 0, act);
    switch (act) {
      case CREATE, MKDIR, SYMLINK, MKNOD, LOOKUP, REMOVE, RMDIR, OPEN -> inAFolder(draft);
      case RENAME -> {
        inAFolder(draft);
        draft.toObject = one(folders);
        draft.toName = name();
      }
      case LINK -> {
        draft.object = aFile();
        draft.toObject = one(folders);
        draft.toName = name();
      }
      // not of the history's folder, above which everything differs
      case LOOKUPP -> draft.object = folders.get(1 + random.nextInt(folders.size() - 1));
      case READDIR, READDIRPLUS -> draft.object = rarely() ? one(all) : one(folders);
      case READLINK -> draft.object = links.isEmpty() || rarely() ? one(all) : recent(links);
      case GETATTR, SETATTR, ACCESS, SETACL ->
          draft.object = random.nextBoolean() ? aFile() : one(all);
      // the size of a folder is the server's own
      case VERIFY, NVERIFY -> draft.object = aFile();
      default -> draft.object = rarely() ? one(all) : aFile();
    }
    vary(draft);
    List<Draft> owned = act == Act.LOCKU ? locked : opens;
    if (ofAnOwner(act) && !owned.isEmpty() && !rarely()) {
      Draft one = owned.get(owned.size() - 1 - random.nextInt(Math.min(6, owned.size())));
      draft.client = one.client;
      draft.object = one.act == Act.OPEN ? one.number : one.object;
      draft.value = one.value;
    }
    return draft;
  }

  private static boolean ofAnOwner(Act act) {
    return switch (act) {
      case LOCK, LOCKU, CLOSE, DOWNGRADE -> true;
      default -> false;
    };
  }

  private Act creation() {
    return version == NfsVersion.V3 ? Act.CREATE : Act.OPEN;
  }

  private Act drawn() {
    int at = random.nextInt(weights);
    for (Act act : acts) {
      at -= act.weight;
      if (at < 0) {
        return act;
      }
    }
    throw new AssertionError();
  }

  private void inAFolder(Draft draft) {
    draft.object = random.nextInt(30) == 0 ? one(all) : one(folders);
    draft.name = random.nextInt(25) == 0 ? pick(ODD_NAMES) : name();
  }

  private String name() {
    return pick(NAMES);
  }

  private void vary(Draft draft) {
    switch (draft.act) {
      case SETATTR -> setting(draft);
      case CREATE -> {
        draft.how = random.nextInt(3);
        draft.value =
            draft.how == StepWords.EXCLUSIVE ? 0 : random.nextBoolean() ? 0666 : pick(MODES);
      }
      case MKDIR -> draft.value = rarely() ? pick(MODES) & 01777 : 0777;
      case SYMLINK -> {
        draft.toName = pick(TARGETS);
        draft.value = 0777;
      }
      case MKNOD -> draft.how = random.nextInt(4);
      case ACCESS -> draft.value = rarely() ? random.nextInt(0x40) : 0x3f;
      case READ, READ_PLUS, ALLOCATE, DEALLOCATE -> range(draft);
      case WRITE -> {
        range(draft);
        draft.how = random.nextInt(3);
      }
      case COMMIT -> draft.how = 0;
      case LOCK, LOCKT, LOCKU -> {
        range(draft);
        draft.length = rarely() ? -1 : Math.max(1, draft.length);
        draft.how = random.nextInt(2);
        draft.value = random.nextInt(2);
      }
      case OPEN -> opening(draft);
      case CLOSE -> draft.value = random.nextInt(2);
      case DOWNGRADE -> {
        draft.value = random.nextInt(2);
        draft.how = (1 + random.nextInt(3)) | random.nextInt(4) << 2;
      }
      case VERIFY, NVERIFY -> draft.value = pick(LENGTHS);
      case SETACL -> draft.value = pick(MODES) & 0777;
      case SEEK -> {
        draft.offset = pick(OFFSETS);
        draft.how = random.nextInt(2);
      }
      case CLONE, COPY -> twoRanges(draft);
      case SETXATTR -> {
        draft.name = pick(XATTRS);
        draft.how = random.nextInt(3);
        draft.length = random.nextInt(5) == 0 ? 2000 : random.nextInt(20);
      }
      case GETXATTR, REMOVEXATTR -> draft.name = pick(XATTRS);
      default -> {}
    }
  }

  private void setting(Draft draft) {
    draft.how = random.nextInt(StepWords.SET_KINDS);
    draft.value =
        switch (draft.how) {
          case StepWords.SET_MODE -> pick(MODES);
          case StepWords.SET_OWNER, StepWords.SET_GROUP -> pick(USERS);
          case StepWords.SET_SIZE -> pick(OFFSETS);
          case StepWords.SET_TIMES -> FIRST_TIME + random.nextLong(TIMES);
          default -> 0;
        };
  }

  private void opening(Draft draft) {
    draft.value = random.nextInt(2);
    // mostly in order to read and write, and without denials
    draft.offset = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 3;
    draft.toOffset = random.nextInt(8) == 0 ? random.nextInt(4) : 0;
    draft.how = random.nextInt(4) == 0 ? 0 : StepWords.OPEN_CREATES | random.nextInt(3);
  }

  private void range(Draft draft) {
    draft.offset = random.nextInt(100) == 0 ? Long.MAX_VALUE - 100 : pick(OFFSETS);
    draft.length = pick(LENGTHS);
  }

  private void twoRanges(Draft draft) {
    draft.toObject = rarely() ? one(all) : aFile();
    boolean aligned = !rarely();
    draft.offset = aligned ? pick(BLOCKS) : pick(OFFSETS);
    draft.toOffset = aligned ? pick(BLOCKS) : pick(OFFSETS);
    draft.length = random.nextInt(CLONE_TAIL) == 0 ? 0 : aligned ? pick(BLOCKS) : pick(LENGTHS);
  }

  private void remember(Draft draft) {
    switch (draft.act) {
      case MKDIR -> {
        folders.add(draft.number);
        all.add(draft.number);
      }
      case CREATE, OPEN -> {
        files.add(draft.number);
        all.add(draft.number);
        if (draft.act == Act.OPEN) {
          opens.add(draft);
        }
      }
      case LOCK -> locked.add(draft);
      case CLOSE -> opens.removeIf(open -> open.number == draft.object);
      case SYMLINK -> {
        links.add(draft.number);
        all.add(draft.number);
      }
      case LOOKUP -> {
        if (!draft.name.equals("..")) { // it may lead out of the history's folder
          all.add(draft.number);
        }
      }
      case MKNOD, LOOKUPP -> all.add(draft.number);
      default -> {}
    }
  }

  private int aFile() {
    return files.isEmpty() ? one(all) : recent(files);
  }

  private int one(List<Integer> numbers) {
    return numbers == folders && random.nextBoolean() ? 0 : recent(numbers);
  }

  /** Mostly one of the beginning or of the last eight, so that calls are about the same objects. */
  private int recent(List<Integer> numbers) {
    int size = numbers.size();
    if (random.nextInt(2) == 0) {
      return numbers.get(random.nextInt(Math.min(5, size)));
    }
    return random.nextInt(4) == 0
        ? numbers.get(random.nextInt(size))
        : numbers.get(size - 1 - random.nextInt(Math.min(8, size)));
  }

  private boolean rarely() {
    return random.nextInt(ODD) == 0;
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  private long pick(long[] from) {
    return from[random.nextInt(from.length)];
  }

  private static final class Draft {
    final int number;
    int client;
    final Act act;
    int object;
    String name = "";
    int toObject;
    String toName = "";
    long offset;
    long toOffset;
    long length;
    int how;
    long value;

    Draft(int number, int client, Act act) {
      this.number = number;
      this.client = client;
      this.act = act;
    }

    Step step() {
      return new Step(
          number, client, act, object, name, toObject, toName, offset, toOffset, length, how,
          value);
    }
  }
}
