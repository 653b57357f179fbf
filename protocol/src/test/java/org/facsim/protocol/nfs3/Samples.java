/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** One message of every shape, with its codec: what the codec tests run over. */
final class Samples {
  static final Nfs3Handle HANDLE = Nfs3Handle.ofWords(0x0102030405060708L, -2, 3, 4);
  static final Nfs3Handle ODD_HANDLE = Nfs3Handle.of(new byte[] {1, 2, 3, 4, 5});
  static final Nfs3Handle LONG_HANDLE = Nfs3Handle.of(bytes(64));
  static final Name3 NAME = Name3.of("été.vmdk");
  static final long U32 = 0xffff_fffeL;
  static final Fattr3 ATTRIBUTES =
      new Fattr3(
          FileType3.REGULAR,
          0644,
          2,
          U32,
          4_000_000_000L,
          1L << 40,
          4096,
          7,
          8,
          9,
          -10,
          1_700_000_000_123_456_789L,
          999_999_999L,
          4_294_967_295_000_000_001L);
  static final WccData WCC = new WccData(new WccAttr(77, 1_000_000_001, 5), ATTRIBUTES);
  static final Sattr3 EVERYTHING =
      new Sattr3(
          07777,
          U32,
          12L,
          1L << 44,
          Sattr3.SetTime.TO_SERVER_TIME,
          Sattr3.SetTime.to(1_500_000_001));

  /** A message, how to put it on the wire and how to read it back. */
  record Sample(Object value, Consumer<ByteBuf> encode, Function<ByteBuf, ?> decode) {
    @Override
    public String toString() {
      String text = value.getClass().getName().replaceAll(".*[.]", "") + " " + value;
      return text.length() > 100 ? text.substring(0, 100) : text;
    }
  }

  private Samples() {}

  static List<Sample> all() {
    List<Sample> samples = new ArrayList<>(arguments());
    samples.addAll(results());
    return samples;
  }

  static List<Sample> arguments() {
    List<Sample> all = new ArrayList<>();
    for (Nfs3Handle handle : List.of(HANDLE, ODD_HANDLE, LONG_HANDLE, Nfs3Handle.of(new byte[0]))) {
      GetAttr3.Args args = new GetAttr3.Args(handle);
      all.add(new Sample(args, args::encode, GetAttr3.Args::decode));
    }
    add(
        all,
        new SetAttr3.Args(HANDLE, EVERYTHING, 5_000_000_006L),
        SetAttr3.Args::encode,
        SetAttr3.Args::decode);
    add(
        all,
        new SetAttr3.Args(HANDLE, Sattr3.NONE, null),
        SetAttr3.Args::encode,
        SetAttr3.Args::decode);
    add(all, new Lookup3.Args(HANDLE, NAME), Lookup3.Args::encode, Lookup3.Args::decode);
    add(all, new Access3.Args(HANDLE, 0x3f), Access3.Args::encode, Access3.Args::decode);
    add(all, new ObjectArgs3(HANDLE), ObjectArgs3::encode, ObjectArgs3::decode);
    add(all, new Read3.Args(HANDLE, Long.MAX_VALUE, U32), Read3.Args::encode, Read3.Args::decode);
    add(
        all,
        new Write3.Args(HANDLE, 12, 5, StableHow.DATA_SYNC, data(5)),
        Write3.Args::encode,
        Write3.Args::decode);
    for (Create3.How how :
        List.of(
            new Create3.Unchecked(EVERYTHING),
            new Create3.Guarded(Sattr3.NONE),
            new Create3.Exclusive(-1))) {
      add(all, new Create3.Args(HANDLE, NAME, how), Create3.Args::encode, Create3.Args::decode);
    }
    add(all, new MkDir3.Args(HANDLE, NAME, EVERYTHING), MkDir3.Args::encode, MkDir3.Args::decode);
    add(
        all,
        new SymLink3.Args(HANDLE, NAME, Sattr3.ofMode(0777), Name3.of("../a")),
        SymLink3.Args::encode,
        SymLink3.Args::decode);
    for (MkNod3.What what :
        List.of(
            new MkNod3.What(FileType3.BLOCK_DEVICE, EVERYTHING, U32, 5),
            new MkNod3.What(FileType3.FIFO, Sattr3.ofMode(0600), 0, 0),
            new MkNod3.What(FileType3.DIRECTORY, Sattr3.NONE, 0, 0))) {
      add(all, new MkNod3.Args(HANDLE, NAME, what), MkNod3.Args::encode, MkNod3.Args::decode);
    }
    add(all, new DirOpArgs3(HANDLE, NAME), DirOpArgs3::encode, DirOpArgs3::decode);
    add(all, new DirOpArgs3(HANDLE, NAME), DirOpArgs3::encode, DirOpArgs3::decode);
    add(
        all,
        new Rename3.Args(HANDLE, NAME, ODD_HANDLE, Name3.of("b")),
        Rename3.Args::encode,
        Rename3.Args::decode);
    add(all, new Link3.Args(HANDLE, ODD_HANDLE, NAME), Link3.Args::encode, Link3.Args::decode);
    add(all, new ReadDir3.Args(HANDLE, -1, 6, U32), ReadDir3.Args::encode, ReadDir3.Args::decode);
    add(
        all,
        new ReadDirPlus3.Args(HANDLE, 7, -8, 512, U32),
        ReadDirPlus3.Args::encode,
        ReadDirPlus3.Args::decode);
    add(all, new ObjectArgs3(HANDLE), ObjectArgs3::encode, ObjectArgs3::decode);
    add(all, new ObjectArgs3(HANDLE), ObjectArgs3::encode, ObjectArgs3::decode);
    add(all, new ObjectArgs3(HANDLE), ObjectArgs3::encode, ObjectArgs3::decode);
    add(all, new Commit3.Args(HANDLE, 4096, U32), Commit3.Args::encode, Commit3.Args::decode);
    return all;
  }

  static List<Sample> results() {
    List<Sample> all = new ArrayList<>();
    Nfs3Status bad = Nfs3Status.NOTEMPTY;
    add(all, new GetAttr3.Ok(ATTRIBUTES), GetAttr3.Result::decode);
    add(all, new GetAttr3.Fail(Nfs3Status.STALE), GetAttr3.Result::decode);
    add(all, Changed3.ok(WCC), Changed3::decode);
    add(all, new Changed3(bad, WccData.NONE), Changed3::decode);
    add(all, new Lookup3.Ok(HANDLE, ATTRIBUTES, null), Lookup3.Result::decode);
    add(all, new Lookup3.Fail(bad, ATTRIBUTES), Lookup3.Result::decode);
    add(all, new Access3.Ok(ATTRIBUTES, 0x1f), Access3.Result::decode);
    add(all, new Access3.Fail(bad, null), Access3.Result::decode);
    add(all, new ReadLink3.Ok(ATTRIBUTES, NAME), ReadLink3.Result::decode);
    add(all, new PostOpFailure3(bad, ATTRIBUTES), ReadLink3.Result::decode);
    for (int lengthBytes = 0; lengthBytes <= 4; lengthBytes++) {
      add(
          all,
          new Read3.Ok(ATTRIBUTES, lengthBytes, true, data(lengthBytes)),
          Read3.Result::decode);
    }
    add(all, new Read3.Fail(bad, ATTRIBUTES), Read3.Result::decode);
    add(all, new Write3.Ok(WCC, U32, StableHow.FILE_SYNC, -3), Write3.Result::decode);
    add(all, new Write3.Fail(bad, WCC), Write3.Result::decode);
    add(all, new Made3.Ok(HANDLE, ATTRIBUTES, WCC), Made3::decode);
    add(all, new Made3.Ok(null, null, WccData.NONE), Made3::decode);
    add(all, new Made3.Fail(bad, WCC), Made3::decode);
    add(all, new Made3.Ok(HANDLE, ATTRIBUTES, WCC), Made3::decode);
    add(all, new Made3.Fail(bad, WCC), Made3::decode);
    add(all, new Made3.Ok(HANDLE, ATTRIBUTES, WCC), Made3::decode);
    add(all, new Made3.Fail(bad, WCC), Made3::decode);
    add(all, new Made3.Ok(HANDLE, ATTRIBUTES, WCC), Made3::decode);
    add(all, new Made3.Fail(Nfs3Status.BADTYPE, WCC), Made3::decode);
    add(all, Changed3.ok(WCC), Changed3::decode);
    add(all, new Changed3(bad, WCC), Changed3::decode);
    add(all, Changed3.ok(WCC), Changed3::decode);
    add(all, new Changed3(bad, WCC), Changed3::decode);
    add(all, new Rename3.Ok(WCC, WccData.NONE), Rename3.Result::decode);
    add(all, new Rename3.Fail(bad, WccData.NONE, WCC), Rename3.Result::decode);
    add(all, new Link3.Ok(ATTRIBUTES, WCC), Link3.Result::decode);
    add(all, new Link3.Fail(bad, null, WCC), Link3.Result::decode);
    add(
        all,
        new ReadDir3.Ok(
            ATTRIBUTES,
            -4,
            List.of(
                new ReadDir3.Entry(1, NAME, 2), new ReadDir3.Entry(-1, Name3.of("x"), 1L << 40)),
            false),
        ReadDir3.Result::decode);
    add(all, new ReadDir3.Ok(null, 0, List.of(), true), ReadDir3.Result::decode);
    add(all, new PostOpFailure3(bad, ATTRIBUTES), ReadDir3.Result::decode);
    add(
        all,
        new ReadDirPlus3.Ok(
            ATTRIBUTES,
            -4,
            List.of(
                new ReadDirPlus3.Entry(1, NAME, 2, ATTRIBUTES, HANDLE),
                new ReadDirPlus3.Entry(3, NAME, 4, null, null)),
            true),
        ReadDirPlus3.Result::decode);
    add(all, new PostOpFailure3(bad, null), ReadDirPlus3.Result::decode);
    add(all, new FsStat3.Ok(ATTRIBUTES, 1, 2, 3, 4, 5, 6, U32), FsStat3.Result::decode);
    add(all, new PostOpFailure3(bad, null), FsStat3.Result::decode);
    add(all, new FsInfo3.Ok(ATTRIBUTES, 1, 2, 3, 4, 5, U32, 7, 8, 1, 0x1b), FsInfo3.Result::decode);
    add(all, new PostOpFailure3(bad, null), FsInfo3.Result::decode);
    add(
        all,
        new PathConf3.Ok(ATTRIBUTES, U32, 255, true, false, true, false),
        PathConf3.Result::decode);
    add(all, new PostOpFailure3(bad, null), PathConf3.Result::decode);
    add(all, new Commit3.Ok(WCC, -5), Commit3.Result::decode);
    add(all, new Commit3.Fail(bad, WCC), Commit3.Result::decode);
    return all;
  }

  private static <T> void add(
      List<Sample> all, T value, BiConsumer<T, ByteBuf> encode, Function<ByteBuf, T> decode) {
    all.add(new Sample(value, out -> encode.accept(value, out), decode));
  }

  private static void add(List<Sample> all, Nfs3Result value, Function<ByteBuf, ?> decode) {
    all.add(new Sample(value, value::encode, decode));
  }

  static ByteBuf data(int lengthBytes) {
    return Unpooled.wrappedBuffer(bytes(lengthBytes));
  }

  static byte[] bytes(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    for (int i = 0; i < lengthBytes; i++) {
      bytes[i] = (byte) (i * 7 + 1);
    }
    return bytes;
  }
}
