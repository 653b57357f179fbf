/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileRange;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationHolder;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UNMAP at the engine: what comes back, what stays, and what is refused. */
final class UnmapTest extends OffloadScenarios {
  private static final long KIB = 1024;

  private UnmappedSpace unmap(FileRef file, FileRange... ranges) {
    return OffloadLab.await(engine.unmap(root(), file, List.of(ranges)));
  }

  private static FileRange blocks(long first, long count) {
    return new FileRange(first * BLOCK, count * BLOCK);
  }

  private void shareWithCopy() {
    OffloadLab.await(engine.startClone(order(SOURCE, COPY)).answer());
  }

  private long usedBlocks() {
    lab.array().awaitReclaim();
    return lab.volume().space().ofVolume().physicalUsedBytes() / BLOCK;
  }

  private long total(OffloadCounter counter) {
    return engine.statistics().total("one", counter);
  }

  @Test
  void whatNobodySharesComesBackAndReadsAsZeros() {
    long before = usedBlocks();
    assertThat(unmap(SOURCE, blocks(2, 3), blocks(8, 1)))
        .isEqualTo(new UnmappedSpace(4L * BLOCK, 4L * BLOCK, 0));
    assertThat(usedBlocks()).isEqualTo(before - 4);
    assertThat(source.attributes().sizeBytes()).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(source.attributes().usedBytes()).isEqualTo(6L * BLOCK);
    for (int block = 0; block < BLOCKS; block++) {
      boolean isHole = (block >= 2 && block < 5) || block == 8;
      assertThat(lab.seedAt(source, block)).as("block %d", block).isEqualTo(isHole ? -1 : 1);
    }
    assertThat(total(OffloadCounter.UNMAP_SUCCESS)).isEqualTo(1);
    assertThat(total(OffloadCounter.BYTES_UNMAPPED)).isEqualTo(4L * BLOCK);
    assertThat(total(OffloadCounter.BYTES_FREED)).isEqualTo(4L * BLOCK);
  }

  /** The riddle's clones: the sibling keeps every byte, and the last one to let go frees. */
  @Test
  void whatASiblingSharesStaysForTheSibling() {
    shareWithCopy();
    lab.write(copy, 4, 9);
    long before = usedBlocks();
    assertThat(unmap(COPY, blocks(3, 3))).isEqualTo(new UnmappedSpace(3L * BLOCK, BLOCK, 0));
    assertThat(usedBlocks()).isEqualTo(before - 1);
    for (int block = 0; block < BLOCKS; block++) {
      assertThat(lab.seedAt(source, block)).isEqualTo(1);
      assertThat(lab.seedAt(copy, block)).isEqualTo(block >= 3 && block < 6 ? -1 : 1);
    }
    assertThat(unmap(SOURCE, blocks(3, 3))).isEqualTo(new UnmappedSpace(3L * BLOCK, 3L * BLOCK, 0));
    assertThat(usedBlocks()).isEqualTo(before - 4);
  }

  @Test
  void whatANamedStateHoldsIsNotFreed() {
    lab.array().saveState("before");
    long before = usedBlocks();
    assertThat(unmap(SOURCE, blocks(0, 10))).isEqualTo(new UnmappedSpace(10L * BLOCK, 0, 0));
    assertThat(usedBlocks()).isEqualTo(before);
    lab.array().restoreState("before");
    assertThat(lab.seedAt(lab.lookup("source"), 9)).isEqualTo(1);
  }

  @Test
  void reservationsOfTheRangeEnd() {
    lab.runSteps(engine.reserveSpace(root(), COPY, ReserveMode.LAZY_ZEROED, 20L * BLOCK));
    long free = lab.volume().space().freeBytes();
    assertThat(unmap(COPY, blocks(2, 5))).isEqualTo(new UnmappedSpace(BLOCK, BLOCK, 4L * BLOCK));
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().freeBytes()).isEqualTo(free + 5L * BLOCK);
    assertThat(lab.volume().space().of(copy).reservedBytes()).isEqualTo(13L * BLOCK);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 40959, 1, 10", // all but the first byte: the last granule reaches the end of the file
    "0, 40959, 0, 9",
    "4096, 4095, 0, 0",
    "4095, 4097, 1, 2",
    "100, 200, 0, 0",
    "0, 40960, 0, 10",
  })
  void onlyWholeGranulesAreUnmapped(long offset, long length, int firstHole, int endHole) {
    unmap(SOURCE, new FileRange(offset, length));
    for (int block = 0; block < BLOCKS; block++) {
      boolean isHole = block >= firstHole && block < endHole;
      assertThat(lab.seedAt(source, block)).as("block %d", block).isEqualTo(isHole ? -1 : 1);
    }
  }

  @Test
  void rangesThatTouchOrOverlapAreOneAndMayComeInAnyOrder() {
    UnmappedSpace space =
        unmap(
            SOURCE,
            new FileRange(6 * KIB, 4 * KIB),
            new FileRange(3 * KIB, 3 * KIB),
            new FileRange(3 * KIB, 5 * KIB));
    assertThat(space.unmappedBytes()).isEqualTo(BLOCK);
    assertThat(lab.seedAt(source, 1)).isEqualTo(-1);
  }

  @Test
  void theLastGranuleOfAFileThatEndsWithinItIsWhole() {
    lab.setSize(source, 9L * BLOCK + 10);
    assertThat(unmap(SOURCE, new FileRange(9L * BLOCK, 10)).unmappedBytes()).isEqualTo(BLOCK);
    assertThat(unmap(SOURCE, new FileRange(8L * BLOCK, 10)).unmappedBytes()).isZero();
  }

  @Test
  void aLargerGranularityLeavesMore() {
    lab.profiles()
        .set("one", NamedProfiles.SHARING.draft().unmapGranularityBytes(4L * BLOCK).freeze());
    assertThat(engine.unmapGranularity(root(), SOURCE))
        .isEqualTo(new UnmapGranularity(4L * BLOCK, 256));
    assertThat(unmap(SOURCE, blocks(1, 8)).unmappedBytes()).isEqualTo(4L * BLOCK);
    assertThat(lab.seedAt(source, 3)).isEqualTo(1);
    assertThat(lab.seedAt(source, 4)).isEqualTo(-1);
    assertThat(unmap(SOURCE, blocks(8, 2)).unmappedBytes())
        .as("the granule in which the file ends")
        .isEqualTo(2L * BLOCK);
  }

  @Test
  void anArrayThatIgnoresItSaysOk() {
    profile("unmap-ignored");
    assertThat(engine.support(root(), Primitive.UNMAP).supported()).isTrue();
    assertThat(unmap(SOURCE, blocks(0, 10))).isEqualTo(UnmappedSpace.NONE);
    assertThat(lab.seedAt(source, 0)).isEqualTo(1);
  }

  /** Each refusal, with what the host is told; nothing has changed. */
  @Test
  void everyRefusalChangesNothing() {
    FileRange good = blocks(0, 1);
    assertRefused(OffloadError.INVALID_ARGUMENT, "0 ranges; allowed: 1 to 256", SOURCE);
    List<FileRange> many = new ArrayList<>();
    for (int i = 0; i <= WholeGranules.MAX_RANGES; i++) {
      many.add(good);
    }
    assertRefused(
        OffloadError.INVALID_ARGUMENT,
        "257 ranges; allowed: 1 to 256",
        SOURCE,
        many.toArray(FileRange[]::new));
    String beyond =
        "range 1: %s bytes at %s; allowed: 1 byte and more, within the file's 40960 bytes";
    assertBeyond(beyond, blocks(10, 1));
    assertBeyond(beyond, new FileRange(40960, 1));
    assertBeyond(beyond, new FileRange(0, 40961));
    assertBeyond(beyond, new FileRange(5, 0));
    assertBeyond(beyond, new FileRange(-1, 2));
    assertBeyond(beyond, new FileRange(1, -1));
    assertBeyond(beyond, new FileRange(Long.MAX_VALUE, Long.MAX_VALUE));
    assertRefused(OffloadError.NOT_FOUND, null, FileRef.byPath("none"), good);
    assertRefused(OffloadError.IS_DIRECTORY, "the file is a directory", FileRef.byPath(""), good);
    assertRefused(OffloadError.BAD_HANDLE, null, FileRef.byHandle(new byte[32]), good);
    assertRefused(
        OffloadError.CROSS_VOLUME, null, OffloadLab.refOf(lab.otherVolume().root()), good);
    lab.volume()
        .names()
        .makeSymbolicLink(
            Caller.ROOT,
            lab.volume().root(),
            Name.of("link"),
            new byte[] {'a'},
            AttributeChanges.NONE);
    assertRefused(OffloadError.WRONG_TYPE, null, FileRef.byPath("link"), good);
    Inode gone = lab.makeFile("gone", 5, 1);
    FileRef stale = OffloadLab.refOf(gone);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("gone"));
    assertRefused(OffloadError.STALE, null, stale, good);
    Initiator stranger = initiator(new Caller(1000, 1000, List.of()));
    assertThat(
            assertThrows(OffloadFailure.class, () -> engine.unmap(stranger, SOURCE, List.of(good)))
                .error())
        .isEqualTo(OffloadError.ACCESS_DENIED);
    profile("no-unmap");
    assertRefused(OffloadError.NOT_SUPPORTED, "UNMAP is not offered", SOURCE, good);
    profile("takeover");
    assertRefused(OffloadError.BUSY, "a controller takes over", SOURCE, good);
    profile("off");
    assertRefused(OffloadError.NOT_SUPPORTED, "offloading is switched off", SOURCE, good);
    profile("sharing");
    lab.exports().makeReadOnly("/one");
    assertRefused(OffloadError.READ_ONLY, null, SOURCE, good);
    lab.exports().refuseVaai("/one");
    assertRefused(OffloadError.ACCESS_DENIED, null, SOURCE, good);
    assertThat(total(OffloadCounter.UNMAP_SUCCESS)).isZero();
    assertThat(total(OffloadCounter.UNMAP_FAILURE)).isEqualTo(21);
  }

  private void assertBeyond(String message, FileRange bad) {
    assertRefused(
        OffloadError.INVALID_ARGUMENT,
        message.formatted(
            Long.toUnsignedString(bad.lengthBytes()), Long.toUnsignedString(bad.offsetBytes())),
        SOURCE,
        blocks(0, 1),
        bad);
  }

  private void assertRefused(
      OffloadError error, String message, FileRef file, FileRange... ranges) {
    long used = usedBlocks();
    OffloadFailure refused =
        assertThrows(OffloadFailure.class, () -> engine.unmap(root(), file, List.of(ranges)));
    assertThat(refused.error()).isEqualTo(error);
    if (message != null) {
      assertThat(refused).hasMessage(message);
    }
    assertThat(usedBlocks()).isEqualTo(used);
    assertThat(lab.seedAt(source, 0)).isEqualTo(1);
  }

  @Test
  void theGranularityIsRefusedWhereUnmapIs() {
    profile("no-unmap");
    assertThat(engine.support(root(), Primitive.UNMAP))
        .isEqualTo(Support.no("UNMAP is not offered"));
    assertThrows(OffloadFailure.class, () -> engine.unmapGranularity(root(), SOURCE));
    profile("sharing");
    assertThat(
            assertThrows(
                    OffloadFailure.class, () -> engine.unmapGranularity(root(), FileRef.byPath("")))
                .error())
        .isEqualTo(OffloadError.IS_DIRECTORY);
    lab.exports().makeReadOnly("/one");
    assertThat(engine.support(root(), Primitive.UNMAP).supported()).isFalse();
    assertThat(engine.unmapGranularity(root(), SOURCE).granularityBytes()).isEqualTo(BLOCK);
    assertThat(total(OffloadCounter.UNMAP_GRANULARITY_SUCCESS)).isEqualTo(1);
    assertThat(total(OffloadCounter.UNMAP_GRANULARITY_FAILURE)).isEqualTo(2);
  }

  private record Client(String name) implements LockClient {}

  /** Gives a client a delegation of the source; what is recalled of it comes into the list. */
  private List<Delegation> delegateSource() {
    List<Delegation> recalls = new ArrayList<>();
    DelegationHolder holder =
        new DelegationHolder() {
          @Override
          public void recall(Delegation delegation) {
            recalls.add(delegation);
          }

          @Override
          public void revoked(Delegation delegation) {}
        };
    var given =
        lab.holdings()
            .delegations()
            .grant(source, DelegationKind.READ, new LockOwner(new Client("holder"), 1), holder);
    lab.runSteps(given);
    assertThat(given.join()).isNotNull();
    return recalls;
  }

  @Test
  void aDelegationOfAnotherClientIsRecalledFirst() {
    List<Delegation> recalls = delegateSource();
    var answer = engine.unmap(root(), SOURCE, List.of(blocks(0, 1)));
    assertThat(answer).isNotDone();
    assertThat(lab.seedAt(source, 0)).isEqualTo(1);
    assertThat(recalls).hasSize(1);
    lab.holdings().delegations().giveBack(recalls.get(0));
    lab.runSteps(answer);
    assertThat(answer.join().freedBytes()).isEqualTo(BLOCK);
  }

  @Test
  void aRestoreBeforeTheAnswerMakesItLost() {
    lab.array().saveState("before");
    List<Delegation> recalls = delegateSource();
    var answer = engine.unmap(root(), SOURCE, List.of(blocks(0, 1)));
    lab.array().restoreState("before");
    lab.holdings().delegations().giveBack(recalls.get(0));
    lab.runSteps(answer);
    assertThat(OffloadLab.refusalOf(answer).error()).isEqualTo(OffloadError.LOST);
    assertThat(lab.seedAt(lab.lookup("source"), 0)).isEqualTo(1);
  }
}
