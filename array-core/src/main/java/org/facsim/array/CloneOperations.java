/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import org.facsim.array.Volume.Created;

/** Clones: one file into an existing one, or a directory tree under a new name. */
final class CloneOperations {
  private final VolumeState state;
  private final NamespaceOperations names;

  CloneOperations(VolumeState state, NamespaceOperations names) {
    this.state = state;
    this.names = names;
  }

  Mutation cloneFile(Caller caller, Inode source, Inode destination) {
    state.requireHere(source);
    state.requireHere(destination);
    if (source == destination) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "file " + source.fileId() + " cannot be its own clone");
    }
    source.map();
    destination.map();
    AccessCheck.requireRead(caller, source.attributes());
    AccessCheck.requireWrite(caller, destination.attributes());
    state.lock.lock();
    try {
      source.requirePresent();
      return share(caller, source, destination);
    } finally {
      state.lock.unlock();
    }
  }

  private Mutation share(Caller caller, Inode source, Inode destination) {
    try (InodeChange change = new InodeChange(state, destination).modified().cutsContents()) {
      state.blocks.cloneWhole(source.map(), destination.map());
      change.draft.sizeBytes = source.attributes().sizeBytes();
      change.draft.usedBytes = destination.map().referencedBlocks() * Volume.BLOCK_BYTES;
      change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
      state.resized(change.before.sizeBytes(), change.draft.sizeBytes);
      return change.publish();
    }
  }

  Created cloneTree(Caller caller, Inode sourceDirectory, Inode parentDirectory, Name newName) {
    state.requireHere(sourceDirectory);
    state.requireHere(parentDirectory);
    sourceDirectory.directory();
    state.lock.lock();
    try {
      sourceDirectory.requirePresent();
      if (names.findForMaking(caller, parentDirectory, newName) != null) {
        throw new ArrayException(ArrayError.EXISTS, "'" + newName + "' exists");
      }
      if (Directory.isWithin(parentDirectory, sourceDirectory)) {
        throw new ArrayException(
            ArrayError.INVALID_ARGUMENT, "a directory cannot be cloned into itself");
      }
      names.requireMayInsert(caller, parentDirectory);
      names.requireRoomForLink(parentDirectory);
      TreeClone tree = new TreeClone(state, caller, sourceDirectory);
      tree.check();
      return names.giveName(parentDirectory, newName, tree.build(parentDirectory));
    } finally {
      state.lock.unlock();
    }
  }
}
