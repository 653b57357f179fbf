/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.array.FileAttributes;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;

/**
 * What an inode is on the far side of a {@link Delta}, where that differs from the near side, which
 * is the one toward the live array. Guarded by the volume's lock.
 */
public final class InodeDifference implements Directory.Keeper {
  /** How the two sides differ. */
  public enum Kind {
    /** It is on both sides, but not the same. */
    CHANGED,
    /** It is on the near side only. */
    ABSENT,
    /** It is on the far side only; its contents and entries wait in the inode itself. */
    ALONE;

    /** By code, which is part of the format. */
    private static final List<Kind> BY_CODE = List.of(CHANGED, ABSENT, ALONE);

    public byte code() {
      return (byte) BY_CODE.indexOf(this);
    }

    /** The kind with a code, or null. */
    public static Kind of(int code) {
      return code >= 0 && code < BY_CODE.size() ? BY_CODE.get(code) : null;
    }
  }

  public final VolumeInode inode;

  /** Unique in the volume as long as the difference is there. */
  public final long number;

  private Kind kind;

  /** Null if it is not on the far side; and so are the next two. */
  private FileAttributes attributes;

  private Attachments attachments;

  /** Of a directory. */
  private VolumeInode parent;

  /** The contents of a regular file on the far side, or null: as on the near side. */
  private FileMap kept;

  /** Entries of a directory on the far side by cookie, null for none, where they differ. */
  private final Map<Long, NamedInode> entries = new HashMap<>(0);

  /** Where it belongs to; null when it is gone. */
  private Delta delta;

  /** Cookies of entries that changed here since the last cut. */
  private final Set<Long> changedCookies = new HashSet<>(0);

  private boolean dirty;

  /** Of all entries, by {@link HeapCost}. */
  private long entryBytes;

  private InodeDifference(VolumeInode inode, long number, Kind kind) {
    this.inode = inode;
    this.number = number;
    this.kind = kind;
  }

  /** Of an inode that is about to change: as it is now, with its contents and entries. */
  static InodeDifference changed(VolumeInode inode, long number) {
    InodeDifference difference = new InodeDifference(inode, number, Kind.CHANGED);
    difference.take();
    return difference;
  }

  /** Of an inode that is made now. */
  static InodeDifference absent(VolumeInode inode, long number) {
    return new InodeDifference(inode, number, Kind.ABSENT);
  }

  /** As it was stored; attributes and attachments are null for {@link Kind#ABSENT}. */
  public static InodeDifference restored(
      VolumeInode inode,
      long number,
      Kind kind,
      FileAttributes attributes,
      Attachments attachments,
      VolumeInode parent,
      FileMap kept) {
    InodeDifference difference = new InodeDifference(inode, number, kind);
    difference.attributes = attributes;
    difference.setAttachments(attachments);
    difference.parent = parent;
    difference.kept = kept;
    return difference;
  }

  /** Remembers the inode as it is now, but for contents and entries. */
  private void take() {
    attributes = inode.attributes();
    setAttachments(inode.attachments());
    parent = inode.isDirectory() ? inode.directory().storedParent() : null;
  }

  public Kind kind() {
    return kind;
  }

  public FileAttributes attributes() {
    return attributes;
  }

  public Attachments attachments() {
    return attachments;
  }

  public VolumeInode parent() {
    return parent;
  }

  public FileMap kept() {
    return kept;
  }

  public Map<Long, NamedInode> entries() {
    return entries;
  }

  public Delta delta() {
    return delta;
  }

  /** Null when it is gone. */
  void setDelta(Delta next) {
    delta = next;
    touch();
  }

  void setKept(FileMap kept) {
    this.kept = kept;
    touch();
  }

  /** Whether the far side is as the inode is now, access times aside. */
  boolean hasSameAttributes() {
    FileAttributes now = inode.attributes();
    FileAttributes then = AttributeDraft.of(attributes).accessedAt(now.accessTimeNanos()).freeze();
    return now.equals(then) && inode.attachments().equals(attachments);
  }

  /** The sides are exchanged: the far one is as the inode is now, contents and entries apart. */
  void takeChanged() {
    take();
    touch();
  }

  /** The inode appears on the near side, and is not on the far one. */
  void becomeAbsent() {
    kind = Kind.ABSENT;
    attributes = null;
    setAttachments(null);
    parent = null;
    kept = null;
    clearEntries();
    touch();
  }

  /** The inode goes from the near side, or has just been removed there. */
  void becomeAlone() {
    if (kind == Kind.ABSENT) {
      take();
    }
    kind = Kind.ALONE;
    touch();
  }

  /** What lies beyond another delta comes here; contents and entries apart. */
  void overlay(InodeDifference farther) {
    attributes = farther.attributes;
    setAttachments(farther.attachments);
    parent = farther.parent;
    touch();
  }

  void setKind(Kind kind) {
    this.kind = kind;
    touch();
  }

  /** An entry is about to change; only the first time counts. */
  @Override
  public void keepEntry(long cookie, NamedInode now) {
    if (!entries.containsKey(cookie)) {
      putEntry(cookie, now);
    }
  }

  void putEntry(long cookie, NamedInode entry) {
    restoreEntry(cookie, entry);
    noteCookie(cookie);
  }

  void clearEntries() {
    entries.keySet().forEach(this::noteCookie);
    entries.clear();
    chargeEntries(-entryBytes);
  }

  private void noteCookie(long cookie) {
    if (delta == null || delta.isStored()) {
      changedCookies.add(cookie);
      touch();
    }
  }

  // ---------------------------------------------------------------- stable storage

  private void touch() {
    if (delta != null) {
      delta.touch(this);
    }
  }

  public boolean isDirty() {
    return dirty;
  }

  public void markDirty() {
    dirty = true;
  }

  /** The cookies of entries that changed since {@link #clearDirty}. */
  public Set<Long> changedCookies() {
    return changedCookies;
  }

  /** Everything is in a batch. */
  public void clearDirty() {
    dirty = false;
    changedCookies.clear();
  }

  /** Puts a stored entry back. */
  public void restoreEntry(long cookie, NamedInode entry) {
    boolean isNew = !entries.containsKey(cookie);
    NamedInode before = entries.put(cookie, entry);
    chargeEntries(costOf(entry) - (isNew ? 0 : costOf(before)));
  }

  private static long costOf(NamedInode entry) {
    return HeapCost.ofKeptEntry(entry == null ? null : entry.name());
  }

  private static long costOf(Attachments attachments) {
    return attachments == null ? 0 : HeapCost.of(attachments);
  }

  private void setAttachments(Attachments next) {
    charge(costOf(next) - costOf(attachments));
    attachments = next;
  }

  private void chargeEntries(long moreBytes) {
    entryBytes += moreBytes;
    charge(moreBytes);
  }

  private void charge(long moreBytes) {
    if (delta != null) {
      delta.charge(moreBytes);
    }
  }

  /** What it takes of the heap; its delta is charged for it. */
  long heapBytes() {
    return HeapCost.DIFFERENCE_BYTES + entryBytes + costOf(attachments);
  }

  /** Belongs there, as it was stored. */
  void restoreDelta(Delta stored) {
    delta = stored;
  }
}
