/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.facsim.array.block.ledger.StoreTotals;
import org.facsim.array.block.payload.FilePayload;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;

/**
 * A store whose tables a thread of its own is loading, while the caller loads what names the block
 * maps, which are loaded already. It ends with {@link #finish} or {@link #abandon}.
 */
public final class StoreLoading {
  private final BlockStore store;
  private final PayloadStore payload;
  private final StoreLoader loader;

  /** Null for a new volume, of which nothing is stored. */
  private final FutureTask<Void> tables;

  /**
   * Begins to load a store with its payload in a file, which the store closes.
   *
   * @param metadata from where to load it
   * @param stored the totals when the volume was last cut, or null for a new volume
   * @throws org.facsim.array.ArrayException IO if a block map is damaged
   */
  public static StoreLoading begin(
      BlockPool pool,
      long limitBlocks,
      int volume,
      PayloadStore file,
      MetadataStore metadata,
      StoreTotals stored,
      StoreChanges.Listener listener) {
    FilePayload payload = new FilePayload(file, pool.epochs());
    BlockStore store = storeOn(pool, limitBlocks, payload);
    store.setChanges(new StoreChanges(volume, store.ledger(), payload, listener));
    StoreLoader loader = new StoreLoader(volume, metadata, store.ledger(), payload);
    try {
      return new StoreLoading(store, file, stored == null ? null : loader, stored);
    } catch (RuntimeException | Error e) {
      store.freeTables();
      throw e;
    }
  }

  private static BlockStore storeOn(BlockPool pool, long limitBlocks, FilePayload payload) {
    try {
      return new BlockStore(pool, limitBlocks, payload);
    } catch (RuntimeException | Error e) {
      payload.close();
      throw e;
    }
  }

  /** Starts to load the tables, and loads the block maps meanwhile. */
  private StoreLoading(
      BlockStore store, PayloadStore payload, StoreLoader loader, StoreTotals stored) {
    this.store = store;
    this.payload = payload;
    this.loader = loader;
    if (loader == null) {
      tables = null;
      return;
    }
    CompletableFuture<Void> maps = new CompletableFuture<>();
    tables =
        new FutureTask<>(
            () -> {
              loader.loadTables();
              maps.join();
              loader.join(stored);
            },
            null);
    Thread thread = new Thread(tables, "facsim-loader");
    thread.setDaemon(true);
    thread.start();
    try {
      loader.loadMaps();
      maps.complete(null);
    } catch (RuntimeException | Error e) {
      maps.completeExceptionally(e);
      await(); // nobody may load into tables that are given back
      throw e;
    }
  }

  /** The store. Before {@link #finish}, nobody may look at anything except its block maps. */
  public BlockStore store() {
    return store;
  }

  /**
   * Waits until everything is loaded.
   *
   * @throws org.facsim.array.ArrayException IO if what is stored is damaged, NO_SPACE if there is
   *     no direct memory; then the store is closed
   */
  public BlockStore finish() {
    Throwable failure = await();
    if (failure == null) {
      store.loaded();
      return store;
    }
    store.freeTables();
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure; // a loader throws nothing that is checked
  }

  /**
   * Returns what is wrong with the whole payload file, in words that name it, or null. It is called
   * after {@link #finish}, and does not look at the file's contents.
   */
  public String payloadDamage() {
    if (payload.isMissing()) {
      return payload.name() + " is missing";
    }
    long neededBytes = loader == null ? 0 : loader.payloadBytes();
    return payload.sizeBytes() >= neededBytes
        ? null
        : "%s is cut: it has %d bytes, and blocks up to byte %d are stored in it"
            .formatted(payload.name(), payload.sizeBytes(), neededBytes);
  }

  /** Closes the store when nobody loads into it any more. */
  public void abandon() {
    await();
    store.freeTables();
  }

  /**
   * Returns the failure, or null. It is not interruptible, because memory must not be freed under
   * the loader.
   */
  private Throwable await() {
    boolean interrupted = false;
    try {
      while (tables != null) {
        try {
          tables.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause();
        }
      }
      return null;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
