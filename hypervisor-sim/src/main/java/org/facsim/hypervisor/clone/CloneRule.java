/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.util.Locale;
import java.util.Optional;
import org.facsim.hypervisor.clone.CloneSituation.Operation;
import org.facsim.hypervisor.datastore.HardwareAcceleration;

/**
 * One rule of a host: something that must hold, or the host copies. The constants are in the order
 * in which a host judges them, most fundamental first. {@code docs/clone-decision.md} is made from
 * them.
 */
public enum CloneRule {
  ONE_ARRAY(
      "source and destination are on one array",
      "An array cannot read another array's disks.",
      "Clone to a datastore of the source's array.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      return of.placement() == Placement.OTHER_ARRAY
          ? fails("the destination is on another array")
          : holds(
              of.placement() == Placement.SAME_DATASTORE
                  ? "source and destination are on one datastore"
                  : "source and destination are on two datastores of one array");
    }
  },
  SESSION(
      "the host has a VAAI-NAS session with the array",
      "Without a plugin, a session or an answer there is nobody to ask.",
      "Install the array's plugin, and let the export's rule for this host allow VAAI.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      String unavailable = of.acceleration().unavailable();
      return unavailable == null
          ? holds("the array answered the support query")
          : fails("no hardware acceleration: " + unavailable);
    }
  },
  FULL_FILE_CLONE(
      "the array supports full file clone on the datastore",
      "\"Hardware Acceleration: Supported\" only means that one primitive works, maybe another one.",
      "Give the volume a profile that offers full clones.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      HardwareAcceleration can = of.acceleration();
      if (can.unavailable() != null) {
        return notJudged("there is no session to ask in");
      }
      if (can.fullFileClone()) {
        return holds("the array answered that it does");
      }
      return fails(
          can.shownAsSupported()
              ? "the array does not support full file clone, though hardware acceleration is"
                  + " shown as supported"
              : "the array does not support full file clone");
    }
  },
  ACROSS_VOLUMES(
      "if the datastores differ, the array clones from one volume to another",
      "Not every array can.",
      "Clone within the source's datastore, or give the volume a profile that clones across.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      if (of.placement() != Placement.OTHER_DATASTORE) {
        return notJudged("one volume, or two arrays");
      }
      if (of.acceleration().unavailable() != null) {
        return notJudged("there is no session to ask in");
      }
      return of.acceleration().cloneAcrossVolumes()
          ? holds("the array answered that it does")
          : fails("the array does not clone from one volume to another");
    }
  },
  NO_LIVE_MIGRATION(
      "a VM that is migrated is powered off",
      "While the VM runs its disks change, so the host mirrors the guest's writes itself.",
      "Power the VM off before it is migrated.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      if (of.operation() != Operation.MIGRATE) {
        return notJudged("a clone, not a migration");
      }
      return of.poweredOn()
          ? fails("a running VM is migrated by the host")
          : holds("the VM is powered off");
    }
  },
  POWER_STATE(
      "the VM is powered off if the plugin offloads only then",
      "Some plugins refuse clones of running VMs.",
      "Power the VM off, or use a plugin without this limit.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      if (!of.poweredOffOnly()) {
        return holds("the plugin has no such limit");
      }
      return of.poweredOn()
          ? fails("the array offloads clones of powered-off VMs only")
          : holds("the VM is powered off");
    }
  },
  NO_SIBLING_REDO_LOGS(
      "quiescing leaves one redo log per disk",
      "With a hardware snapshot provider VSS leaves two siblings. The quiesced state is the base and"
          + " the second one, and the clone primitive copies whole files only.",
      "Quiesce at the file-system level (disable VSS in the guest, KB 1031298, or use the Tools' sync"
          + " driver), clone while the VM is powered off, or clone in the array's own console.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      if (!of.poweredOn()) {
        return notJudged("the VM is powered off: no snapshot is needed");
      }
      return of.quiescing().leavesSiblingRedoLogs()
          ? fails(
              "VSS left two sibling redo logs per disk: the quiesced state is base + redo log, and"
                  + " the array clones whole files only")
          : holds("one redo log per disk (" + of.quiescing().reason() + ")");
    }
  },
  NO_OLDER_SNAPSHOT(
      "no older snapshot of the source is left",
      "With one, the state to copy is a base and redo logs, and the clone primitive copies whole"
          + " files only.",
      "Delete the VM's snapshots (consolidate) before it is cloned.") {
    @Override
    RuleFinding judge(CloneSituation of) {
      Optional<Integer> left = of.leftoverRedoLogs().stream().filter(logs -> logs > 0).findFirst();
      return left.isPresent()
          ? fails(
              "an older snapshot is in the way: the state is base + %d redo log%s, and the array"
                      .formatted(left.get(), left.get() == 1 ? "" : "s")
                  + " clones whole files only")
          : holds(
              of.leftoverRedoLogs().size() == 1
                  ? "the disk's state is its base"
                  : "the state of all %d disks is their base"
                      .formatted(of.leftoverRedoLogs().size()));
    }
  };

  private final String words;
  private final String because;
  private final String remedy;

  CloneRule(String words, String because, String remedy) {
    this.words = words;
    this.because = because;
    this.remedy = remedy;
  }

  /** For JSON, such as {@code no-older-snapshot}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What must hold. */
  public String words() {
    return words;
  }

  /** Why a host has this rule. */
  public String because() {
    return because;
  }

  /** What an administrator changes if it does not hold. */
  public String remedy() {
    return remedy;
  }

  abstract RuleFinding judge(CloneSituation of);

  RuleFinding holds(String evidence) {
    return new RuleFinding(this, RuleFinding.Judgement.HOLDS, evidence);
  }

  RuleFinding fails(String evidence) {
    return new RuleFinding(this, RuleFinding.Judgement.FAILS, evidence);
  }

  RuleFinding notJudged(String why) {
    return new RuleFinding(this, RuleFinding.Judgement.NOT_APPLICABLE, why);
  }
}
