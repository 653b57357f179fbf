/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A store whose tables are on their way from stable storage. */
public final class StoreLoading {
  private final BlockStore store;

  /** Null for a new volume, of which nothing is stored. */
  private final FutureTask<Void> tables;

  /** Starts to load the tables, and meanwhile loads the block maps. */
  StoreLoading(BlockStore store, StoreLoader loader, StoreTotals stored) {
    this.store = store;
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

  /** The store, whose block maps may be looked at; nothing else before {@link #finish}. */
  public BlockStore store() {
    return store;
  }

  /**
   * Waits until all is there.
   *
   * @throws org.facsim.array.ArrayException IO if what is stored is damaged, NO_SPACE if the host
   *     has no memory; the store is closed then
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

  /** Closes the store once nobody loads into it any more. */
  public void abandon() {
    await();
    store.freeTables();
  }

  /** The failure, or null. Not interruptible: memory must not be freed under the loader. */
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
