/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged disks: files of every kind with bytes flipped, numbers replaced by extreme ones, lines
 * doubled, dropped and swapped, and ends cut off. Reading one works or throws VmdkFormatException,
 * and asks for no more memory than a small disk needs.
 */
class ForeignDiskFuzzTest {
  private static final int ROUNDS = 800;
  private static final int MAX_READ_AT_ONCE = 4 << 20;
  private static final long[] EXTREMES = {
    0,
    1,
    2,
    127,
    512,
    65535,
    65536,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    1L << 33,
    1L << 37,
    62L << 31,
    (62L << 31) + 1,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2
  };

  private final Map<String, byte[]> files = new HashMap<>();

  private final VmdkDirectory directory =
      name -> Optional.ofNullable(files.get(name)).map(InMemory::new);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record InMemory(byte[] bytes) implements VmdkFile {
    @Override
    public long sizeBytes() {
      return bytes.length;
    }

    @Override
    public void read(long offsetBytes, byte[] target, int index, int countBytes) {
      assertThat(countBytes).isLessThanOrEqualTo(MAX_READ_AT_ONCE);
      System.arraycopy(bytes, (int) offsetBytes, target, index, countBytes);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damagedDisksAreReadOrRefused(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      files.clear();
      String name = intact(random.nextInt(4));
      int mutations = random.nextInt(4);
      for (int i = 0; i < mutations; i++) {
        mutate(random);
      }
      try {
        ForeignDisk disk = ForeignDisk.open(directory, name);
        long end = Math.min(disk.capacityBytes(), 64L << 40);
        disk.read(0, end, new byte[1 << 16], (offset, data, length) -> {});
        read++;
      } catch (VmdkFormatException e) {
        assertThat(e.getMessage()).as("seed %d, round %d", seed, round).hasSizeLessThan(700);
      } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
        throw new AssertionError("seed %d, round %d".formatted(seed, round), e);
      }
    }
    assertThat(read).isGreaterThan(ROUNDS / 4).isLessThan(ROUNDS);
  }

  private static String text(String createType, String parent, String... extents) {
    return "# Disk DescriptorFile\r\nversion=1\r\nencoding=\"UTF-8\"\r\nCID=00000001\r\n"
        + (parent.isEmpty()
            ? "parentCID=ffffffff\r\n"
            : "parentCID=00000001\r\nparentFileNameHint=\"" + parent + "\"\r\n")
        + "createType=\""
        + createType
        + "\"\r\n\r\n"
        + String.join("\r\n", extents)
        + "\r\n\r\nddb.adapterType = \"lsilogic\"\r\nddb.virtualHWVersion = \"4\"\r\n";
  }

  private String intact(int kind) {
    switch (kind) {
      case 0 -> {
        files.put("a.vmdk", text("monolithicFlat", "", "RW 300 FLAT \"a-flat\" 0").getBytes(UTF_8));
        files.put("a-flat", new byte[300 * 512]);
      }
      case 1 ->
          files.put("a.vmdk", sparse(text("monolithicSparse", "", "RW 300 SPARSE \"a\""), false));
      case 2 ->
          files.put("a.vmdk", sparse(text("streamOptimized", "", "RW 300 SPARSE \"a\""), true));
      default -> {
        files.put("b.vmdk", sparse(text("monolithicSparse", "", "RW 600 SPARSE \"a\""), false));
        ByteBuffer.wrap(files.get("b.vmdk")).order(ByteOrder.LITTLE_ENDIAN).putLong(12, 600);
        files.put("s1", sparse("", false));
        files.put("s2", sparse("", false));
        files.put(
            "a.vmdk",
            text("twoGbMaxExtentSparse", "b.vmdk", "RW 300 SPARSE \"s1\"", "RW 300 SPARSE \"s2\"")
                .getBytes(UTF_8));
      }
    }
    return "a.vmdk";
  }

  /** Grains of 8 sectors; every third is there. */
  private static byte[] sparse(String descriptor, boolean compressed) {
    ByteBuffer out = ByteBuffer.allocate(128 << 10).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x564d444b).putInt(1).putInt(compressed ? 0x30001 : 5);
    out.putLong(300).putLong(8).putLong(descriptor.isEmpty() ? 0 : 1);
    out.putLong(descriptor.isEmpty() ? 0 : 4).putInt(512).putLong(0).putLong(8).putLong(13);
    out.put((byte) 0).putInt(0x0a0d200a).putShort((short) (compressed ? 1 : 0));
    out.position(512);
    out.put(descriptor.getBytes(UTF_8));
    out.putInt(8 * 512, 9);
    int next = 13;
    for (int grain = 0; grain < 76; grain += 3) {
      out.putInt(9 * 512 + grain * 4, grain == 3 && !compressed ? 1 : next);
      out.position(next * 512);
      if (compressed) {
        byte[] packed = new byte[8192];
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[4096]);
        deflater.finish();
        int count = deflater.deflate(packed);
        deflater.end();
        out.putLong(grain * 8L).putInt(count).put(packed, 0, count);
        next++;
      } else {
        next += 8;
      }
    }
    return Arrays.copyOf(out.array(), (next + 1) * 512);
  }

  private void mutate(SplittableRandom random) {
    String[] names = files.keySet().stream().sorted().toArray(String[]::new);
    String name = names[random.nextInt(names.length)];
    byte[] bytes = files.get(name);
    if (bytes.length < 16) {
      return;
    }
    boolean isText = bytes[0] == '#';
    switch (random.nextInt(isText ? 6 : 4)) {
      case 0 -> bytes[random.nextInt(Math.min(bytes.length, 8192))] = (byte) random.nextInt();
      case 1 -> {
        int at = random.nextInt(isText ? bytes.length - 8 : Math.min(120, bytes.length - 8));
        ByteBuffer.wrap(bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(at, EXTREMES[random.nextInt(EXTREMES.length)]);
      }
      case 2 -> files.put(name, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case 3 -> {
        int at = (8 * 512 + random.nextInt(4096)) / 4 * 4;
        if (at + 4 <= bytes.length) {
          ByteBuffer.wrap(bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(at, (int) EXTREMES[random.nextInt(EXTREMES.length)]);
        }
      }
      case 4 -> files.put(name, shuffledLine(bytes, random));
      default -> files.put(name, replacedNumber(bytes, random));
    }
  }

  private static byte[] shuffledLine(byte[] bytes, SplittableRandom random) {
    String[] lines = new String(bytes, UTF_8).split("\n", -1);
    int one = random.nextInt(lines.length);
    int other = random.nextInt(lines.length);
    switch (random.nextInt(3)) {
      case 0 -> lines[one] = lines[other];
      case 1 -> lines[one] = "";
      default -> lines[one] = lines[one] + lines[other];
    }
    return String.join("\n", lines).getBytes(UTF_8);
  }

  private static byte[] replacedNumber(byte[] bytes, SplittableRandom random) {
    String number = Long.toUnsignedString(EXTREMES[random.nextInt(EXTREMES.length)]);
    return new String(bytes, UTF_8).replaceFirst("(?<= )[0-9]+", number).getBytes(UTF_8);
  }
}
