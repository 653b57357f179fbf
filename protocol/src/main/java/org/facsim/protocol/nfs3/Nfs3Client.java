/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.xdr.XdrException;

/**
 * A client of NFSv3. It has one method per procedure that takes the arguments of the wire and
 * returns the result, whatever its status, and shorter methods that return the success or fail with
 * {@link Nfs3Exception}. No method blocks. Every future completes on the connection's event loop.
 * Thread-safe if the {@link RpcCaller} is.
 */
public final class Nfs3Client {
  /** The most entries that {@link #list} gathers. */
  public static final int MAX_LISTED_ENTRIES = 4_000_000;

  private static final int LIST_DIRECTORY_BYTES = 64 << 10;
  private static final int LIST_REPLY_BYTES = 256 << 10;

  private final RpcCaller rpc;

  /** Makes a client of the server to which {@code rpc} sends calls. */
  public Nfs3Client(RpcCaller rpc) {
    this.rpc = Objects.requireNonNull(rpc);
  }

  /** NULL: does nothing; shows whether the server answers. */
  public CompletableFuture<Void> ping() {
    return call(Nfs3.NULL, out -> {}, in -> null);
  }

  public CompletableFuture<GetAttr3.Result> getAttributes(GetAttr3.Args args) {
    return call(GetAttr3.PROCEDURE, args::encode, GetAttr3.Result::decode);
  }

  public CompletableFuture<GetAttr3.Ok> getAttributes(Nfs3Handle handle) {
    GetAttr3.Args args = new GetAttr3.Args(handle);
    return call(GetAttr3.PROCEDURE, args::encode, in -> GetAttr3.Result.decode(in).orThrow());
  }

  public CompletableFuture<Changed3> setAttributes(SetAttr3.Args args) {
    return call(SetAttr3.PROCEDURE, args::encode, Changed3::decode);
  }

  /** SETATTR without a guard. */
  public CompletableFuture<Changed3> setAttributes(Nfs3Handle handle, Sattr3 attributes) {
    SetAttr3.Args args = new SetAttr3.Args(handle, attributes, null);
    return call(SetAttr3.PROCEDURE, args::encode, in -> Changed3.decode(in).orThrow("SETATTR"));
  }

  public CompletableFuture<Lookup3.Result> lookup(Lookup3.Args args) {
    return call(Lookup3.PROCEDURE, args::encode, Lookup3.Result::decode);
  }

  public CompletableFuture<Lookup3.Ok> lookup(Nfs3Handle directory, String name) {
    Lookup3.Args args = new Lookup3.Args(directory, Name3.of(name));
    return call(Lookup3.PROCEDURE, args::encode, in -> Lookup3.Result.decode(in).orThrow());
  }

  public CompletableFuture<Access3.Result> access(Access3.Args args) {
    return call(Access3.PROCEDURE, args::encode, Access3.Result::decode);
  }

  /** Asks for {@link Nfs3#ACCESS_READ} and its siblings. */
  public CompletableFuture<Access3.Ok> access(Nfs3Handle handle, int wanted) {
    Access3.Args args = new Access3.Args(handle, wanted);
    return call(Access3.PROCEDURE, args::encode, in -> Access3.Result.decode(in).orThrow());
  }

  public CompletableFuture<ReadLink3.Result> readLink(ObjectArgs3 args) {
    return call(ReadLink3.PROCEDURE, args::encode, ReadLink3.Result::decode);
  }

  public CompletableFuture<ReadLink3.Ok> readLink(Nfs3Handle handle) {
    ObjectArgs3 args = new ObjectArgs3(handle);
    return call(
        ReadLink3.PROCEDURE,
        args::encode,
        in -> ReadLink3.Result.orThrow(ReadLink3.Result.decode(in)));
  }

  /**
   * READ.
   *
   * @param onResult reads the result on the event loop; the data is a slice of the connection's
   *     buffer, valid until it returns: to keep it, retain it
   */
  public <T> CompletableFuture<T> read(Read3.Args args, Function<Read3.Result, T> onResult) {
    return call(Read3.PROCEDURE, args::encode, new ReadResults<>(onResult));
  }

  /**
   * READ.
   *
   * @param countBytes the most bytes wanted, 0 to {@link Nfs3#MAX_TRANSFER_BYTES}
   * @param onData reads the success on the event loop; the data is a slice of the connection's
   *     buffer, valid until it returns: to keep it, retain it
   */
  public <T> CompletableFuture<T> read(
      Nfs3Handle handle, long offsetBytes, int countBytes, Function<Read3.Ok, T> onData) {
    return read(
        new Read3.Args(handle, offsetBytes, countBytes), result -> onData.apply(result.orThrow()));
  }

  /** WRITE. The client takes ownership of the data. */
  public CompletableFuture<Write3.Result> write(Write3.Args args) {
    return call(args, Write3.Result::decode);
  }

  /**
   * WRITE of everything that is readable in {@code data}. The client takes ownership of the data.
   * The server may write less: {@link Write3.Ok#countBytes} tells.
   *
   * @param data at most {@link Nfs3#MAX_TRANSFER_BYTES}
   */
  public CompletableFuture<Write3.Ok> write(
      Nfs3Handle handle, long offsetBytes, ByteBuf data, StableHow stable) {
    Write3.Args args = new Write3.Args(handle, offsetBytes, data.readableBytes(), stable, data);
    return call(args, in -> Write3.Result.decode(in).orThrow());
  }

  public CompletableFuture<Made3> create(Create3.Args args) {
    return call(Create3.PROCEDURE, args::encode, Made3::decode);
  }

  public CompletableFuture<Made3.Ok> create(Nfs3Handle directory, String name, Create3.How how) {
    Create3.Args args = new Create3.Args(directory, Name3.of(name), how);
    return call(Create3.PROCEDURE, args::encode, in -> Made3.decode(in).orThrow("CREATE"));
  }

  public CompletableFuture<Made3> mkdir(MkDir3.Args args) {
    return call(MkDir3.PROCEDURE, args::encode, Made3::decode);
  }

  public CompletableFuture<Made3.Ok> mkdir(Nfs3Handle directory, String name, Sattr3 attributes) {
    MkDir3.Args args = new MkDir3.Args(directory, Name3.of(name), attributes);
    return call(MkDir3.PROCEDURE, args::encode, in -> Made3.decode(in).orThrow("MKDIR"));
  }

  public CompletableFuture<Made3> symlink(SymLink3.Args args) {
    return call(SymLink3.PROCEDURE, args::encode, Made3::decode);
  }

  public CompletableFuture<Made3.Ok> symlink(
      Nfs3Handle directory, String name, Sattr3 attributes, String target) {
    SymLink3.Args args = new SymLink3.Args(directory, Name3.of(name), attributes, Name3.of(target));
    return call(SymLink3.PROCEDURE, args::encode, in -> Made3.decode(in).orThrow("SYMLINK"));
  }

  public CompletableFuture<Made3> mknod(MkNod3.Args args) {
    return call(MkNod3.PROCEDURE, args::encode, Made3::decode);
  }

  public CompletableFuture<Made3.Ok> mknod(Nfs3Handle directory, String name, MkNod3.What what) {
    MkNod3.Args args = new MkNod3.Args(directory, Name3.of(name), what);
    return call(MkNod3.PROCEDURE, args::encode, in -> Made3.decode(in).orThrow("MKNOD"));
  }

  public CompletableFuture<Changed3> remove(DirOpArgs3 args) {
    return call(Remove3.PROCEDURE, args::encode, Changed3::decode);
  }

  public CompletableFuture<Changed3> remove(Nfs3Handle directory, String name) {
    DirOpArgs3 args = new DirOpArgs3(directory, Name3.of(name));
    return call(Remove3.PROCEDURE, args::encode, in -> Changed3.decode(in).orThrow("REMOVE"));
  }

  public CompletableFuture<Changed3> rmdir(DirOpArgs3 args) {
    return call(RmDir3.PROCEDURE, args::encode, Changed3::decode);
  }

  public CompletableFuture<Changed3> rmdir(Nfs3Handle directory, String name) {
    DirOpArgs3 args = new DirOpArgs3(directory, Name3.of(name));
    return call(RmDir3.PROCEDURE, args::encode, in -> Changed3.decode(in).orThrow("RMDIR"));
  }

  public CompletableFuture<Rename3.Result> rename(Rename3.Args args) {
    return call(Rename3.PROCEDURE, args::encode, Rename3.Result::decode);
  }

  public CompletableFuture<Rename3.Ok> rename(
      Nfs3Handle fromDirectory, String fromName, Nfs3Handle toDirectory, String toName) {
    Rename3.Args args =
        new Rename3.Args(fromDirectory, Name3.of(fromName), toDirectory, Name3.of(toName));
    return call(Rename3.PROCEDURE, args::encode, in -> Rename3.Result.decode(in).orThrow());
  }

  public CompletableFuture<Link3.Result> link(Link3.Args args) {
    return call(Link3.PROCEDURE, args::encode, Link3.Result::decode);
  }

  public CompletableFuture<Link3.Ok> link(Nfs3Handle file, Nfs3Handle directory, String name) {
    Link3.Args args = new Link3.Args(file, directory, Name3.of(name));
    return call(Link3.PROCEDURE, args::encode, in -> Link3.Result.decode(in).orThrow());
  }

  public CompletableFuture<ReadDir3.Result> readDir(ReadDir3.Args args) {
    return call(ReadDir3.PROCEDURE, args::encode, ReadDir3.Result::decode);
  }

  /** One page of a listing. */
  public CompletableFuture<ReadDir3.Ok> readDir(
      Nfs3Handle directory, long cookie, long cookieVerifier, int countBytes) {
    ReadDir3.Args args = new ReadDir3.Args(directory, cookie, cookieVerifier, countBytes);
    return call(
        ReadDir3.PROCEDURE,
        args::encode,
        in -> ReadDir3.Result.orThrow(ReadDir3.Result.decode(in)));
  }

  public CompletableFuture<ReadDirPlus3.Result> readDirPlus(ReadDirPlus3.Args args) {
    return call(ReadDirPlus3.PROCEDURE, args::encode, ReadDirPlus3.Result::decode);
  }

  /** One page of a listing with handles and attributes. */
  public CompletableFuture<ReadDirPlus3.Ok> readDirPlus(
      Nfs3Handle directory,
      long cookie,
      long cookieVerifier,
      int directoryCountBytes,
      int maxCountBytes) {
    ReadDirPlus3.Args args =
        new ReadDirPlus3.Args(
            directory, cookie, cookieVerifier, directoryCountBytes, maxCountBytes);
    return call(
        ReadDirPlus3.PROCEDURE,
        args::encode,
        in -> ReadDirPlus3.Result.orThrow(ReadDirPlus3.Result.decode(in)));
  }

  public CompletableFuture<FsStat3.Result> fsstat(ObjectArgs3 args) {
    return call(FsStat3.PROCEDURE, args::encode, FsStat3.Result::decode);
  }

  public CompletableFuture<FsStat3.Ok> fsstat(Nfs3Handle handle) {
    ObjectArgs3 args = new ObjectArgs3(handle);
    return call(
        FsStat3.PROCEDURE, args::encode, in -> FsStat3.Result.orThrow(FsStat3.Result.decode(in)));
  }

  public CompletableFuture<FsInfo3.Result> fsinfo(ObjectArgs3 args) {
    return call(FsInfo3.PROCEDURE, args::encode, FsInfo3.Result::decode);
  }

  public CompletableFuture<FsInfo3.Ok> fsinfo(Nfs3Handle handle) {
    ObjectArgs3 args = new ObjectArgs3(handle);
    return call(
        FsInfo3.PROCEDURE, args::encode, in -> FsInfo3.Result.orThrow(FsInfo3.Result.decode(in)));
  }

  public CompletableFuture<PathConf3.Result> pathconf(ObjectArgs3 args) {
    return call(PathConf3.PROCEDURE, args::encode, PathConf3.Result::decode);
  }

  public CompletableFuture<PathConf3.Ok> pathconf(Nfs3Handle handle) {
    ObjectArgs3 args = new ObjectArgs3(handle);
    return call(
        PathConf3.PROCEDURE,
        args::encode,
        in -> PathConf3.Result.orThrow(PathConf3.Result.decode(in)));
  }

  public CompletableFuture<Commit3.Result> commit(Commit3.Args args) {
    return call(Commit3.PROCEDURE, args::encode, Commit3.Result::decode);
  }

  /** Commits a range; a count of 0 means up to the end. */
  public CompletableFuture<Commit3.Ok> commit(
      Nfs3Handle handle, long offsetBytes, long countBytes) {
    Commit3.Args args = new Commit3.Args(handle, offsetBytes, countBytes);
    return call(Commit3.PROCEDURE, args::encode, in -> Commit3.Result.decode(in).orThrow());
  }

  /**
   * All entries of a directory except {@code .} and {@code ..}, read page by page, with handles and
   * attributes where the server supplies them.
   */
  public CompletableFuture<List<ReadDirPlus3.Entry>> list(Nfs3Handle directory) {
    return listFrom(directory, 0, 0, new ArrayList<>());
  }

  private CompletableFuture<List<ReadDirPlus3.Entry>> listFrom(
      Nfs3Handle directory, long cookie, long cookieVerifier, List<ReadDirPlus3.Entry> listed) {
    return readDirPlus(directory, cookie, cookieVerifier, LIST_DIRECTORY_BYTES, LIST_REPLY_BYTES)
        .thenCompose(
            page -> {
              for (ReadDirPlus3.Entry entry : page.entries()) {
                if (!isDotOrDotDot(entry.name())) {
                  listed.add(entry);
                }
              }
              if (page.endOfDirectory()) {
                return CompletableFuture.completedFuture(List.copyOf(listed));
              }
              long next = nextCookie(page, cookie, listed.size());
              return listFrom(directory, next, page.cookieVerifier(), listed);
            });
  }

  private static long nextCookie(ReadDirPlus3.Ok page, long cookie, int listedEntries) {
    if (page.entries().isEmpty()) {
      throw new XdrException("READDIRPLUS page without an entry before the end");
    }
    long next = page.entries().get(page.entries().size() - 1).cookie();
    if (next == cookie || listedEntries > MAX_LISTED_ENTRIES) {
      throw new XdrException("READDIRPLUS listing without an end at cookie " + next);
    }
    return next;
  }

  private static boolean isDotOrDotDot(Name3 name) {
    byte[] bytes = name.bytes();
    return bytes.length > 0
        && bytes.length <= 2
        && bytes[0] == '.'
        && bytes[bytes.length - 1] == '.';
  }

  private <T> CompletableFuture<T> call(
      int procedure, Consumer<ByteBuf> arguments, Function<ByteBuf, T> results) {
    return rpc.call(Nfs3.PROGRAM, Nfs3.VERSION, procedure, arguments, results);
  }

  private <T> CompletableFuture<T> call(Write3.Args args, Function<ByteBuf, T> results) {
    return rpc.call(
        Nfs3.PROGRAM, Nfs3.VERSION, Write3.PROCEDURE, args::encodeUpToData, args.data(), results);
  }
}
