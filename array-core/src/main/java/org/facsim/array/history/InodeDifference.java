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
 * What an inode is on the far side of a {@link Delta}, if it is something else on the near side,
 * which is toward the live array. The volume's lock guards it.
 */
public final class InodeDifference implements Directory.Keeper {
  /** How the two sides differ. */
  public enum Kind {
    /** It is on both sides, but not the same. */
    CHANGED,
    /** It is on the near side only. */
    ABSENT,
    /** It is on the far side only. Its contents and entries wait in the inode itself. */
    ALONE;

    /** Kinds by code. The codes are part of the format. */
    private static final List<Kind> BY_CODE = List.of(CHANGED, ABSENT, ALONE);

    public byte code() {
      return (byte) BY_CODE.indexOf(this);
    }

    /** Returns the kind with a code, or null. */
    public static Kind of(int code) {
      return code >= 0 && code < BY_CODE.size() ? BY_CODE.get(code) : null;
    }
  }

  public final VolumeInode inode;

  /** Unique in the volume as long as the difference is there. */
  public final long number;

  private Kind kind;

  /** Null if the inode is not on the far side. The next two are null then, too. */
  private FileAttributes attributes;

  private Attachments attachments;

  /** The parent, if the inode is a directory. */
  private VolumeInode parent;

  /**
   * The contents of a regular file on the far side; null if they are the same as on the near side.
   */
  private FileMap kept;

  /**
   * The entries of a directory that differ, as they are on the far side, by cookie; null for none.
   */
  private final Map<Long, NamedInode> entries = new HashMap<>(0);

  /** The delta to which it belongs; null when it is gone. */
  private Delta delta;

  /** Cookies of entries that changed here since the last cut. */
  private final Set<Long> changedCookies = new HashSet<>(0);

  private boolean dirty;

  /** What all entries take, as {@link HeapCost} estimates it. */
  private long entryBytes;

  private InodeDifference(VolumeInode inode, long number, Kind kind) {
    this.inode = inode;
    this.number = number;
    this.kind = kind;
  }

  /** Makes the difference of an inode that is about to change. It holds the inode as it is now. */
  static InodeDifference changed(VolumeInode inode, long number) {
    InodeDifference difference = new InodeDifference(inode, number, Kind.CHANGED);
    difference.take();
    return difference;
  }

  /** Makes the difference of a new inode. */
  static InodeDifference absent(VolumeInode inode, long number) {
    return new InodeDifference(inode, number, Kind.ABSENT);
  }

  /**
   * Makes a difference as it was stored. Attributes and attachments are null for {@link
   * Kind#ABSENT}.
   */
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

  /** Remembers the inode as it is now, except contents and entries. */
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

  /** Sets the delta to which it belongs; null when it is gone. */
  void setDelta(Delta next) {
    delta = next;
    touch();
  }

  void setKept(FileMap kept) {
    this.kept = kept;
    touch();
  }

  /** Whether the far side equals the inode as it is now, except access times. */
  boolean hasSameAttributes() {
    FileAttributes now = inode.attributes();
    FileAttributes then = AttributeDraft.of(attributes).accessedAt(now.accessTimeNanos()).freeze();
    return now.equals(then) && inode.attachments().equals(attachments);
  }

  /**
   * Takes the inode as it is now for the far side, except contents and entries, because the sides
   * are exchanged.
   */
  void takeChanged() {
    take();
    touch();
  }

  /** The inode appears on the near side, and is not on the far side. */
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

  /** Takes what is beyond another delta, except contents and entries. */
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

  /** Keeps an entry that is about to change. Only the first time counts. */
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

  /** Forgets what changed, because everything is in a batch. */
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

  /** How many bytes of the heap it takes. Its delta is charged for them. */
  long heapBytes() {
    return HeapCost.DIFFERENCE_BYTES + entryBytes + costOf(attachments);
  }

  /** Sets the delta to which it belongs, as it was stored. */
  void restoreDelta(Delta stored) {
    delta = stored;
  }
}
