/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Set;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.SystemFailure;

/**
 * The parts of the array, as ARCHITECTURE.md and their package-info draw them: which may see which.
 */
@AnalyzeClasses(packages = "org.facsim", importOptions = ArchitectureIT.ProductionCode.class)
class ArrayArchitectureIT {
  private static final String ARRAY = "org.facsim.array..";
  private static final String API = "org.facsim.array";
  private static final String ENGINE = "org.facsim.array.engine";
  private static final String STATES = "org.facsim.array.states";
  private static final String STORED = "org.facsim.array.stored";
  private static final String VOLUME = "org.facsim.array.volume";
  private static final String HISTORY = "org.facsim.array.history";
  private static final String INODE = "org.facsim.array.inode";
  private static final String BLOCK = "org.facsim.array.block";
  private static final String MAP = "org.facsim.array.block.map";
  private static final String LEDGER = "org.facsim.array.block.ledger";
  private static final String PAYLOAD = "org.facsim.array.block.payload";
  private static final String TABLE = "org.facsim.array.block.table";
  private static final String MEMORY = "org.facsim.array.block.memory";
  private static final String LOG = "org.facsim.array.log";
  private static final String LOG_FILE = "org.facsim.array.log.file";

  /** All that blocks and the log know of the API. */
  private static final DescribedPredicate<JavaClass> ERRORS =
      belongToAnyOf(ArrayError.class, ArrayException.class, SystemFailure.class);

  private static ArchRule seesOnly(String part, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(part)
        .should()
        .dependOnClassesThat(
            resideInAPackage(ARRAY)
                .and(not(resideInAPackage(part)))
                .and(not(resideInAnyPackage(others)))
                .and(not(ERRORS)));
  }

  @ArchTest static final ArchRule theApiSeesNoPartOfTheArray = seesOnly(API);

  @ArchTest static final ArchRule memoryKnowsNothingElse = seesOnly(MEMORY);

  @ArchTest static final ArchRule theLogKnowsNothingOfWhatItKeeps = seesOnly(LOG);

  @ArchTest static final ArchRule theDirectoryStandsBehindTheLog = seesOnly(LOG_FILE, LOG);

  @ArchTest static final ArchRule tablesKnowNoFiles = seesOnly(TABLE, MEMORY, LOG);

  @ArchTest
  static final ArchRule payloadKnowsNeitherFilesNorWrites = seesOnly(PAYLOAD, TABLE, MEMORY, LOG);

  @ArchTest static final ArchRule theLedgerKnowsNoWriter = seesOnly(LEDGER, PAYLOAD, TABLE, MEMORY);

  @ArchTest
  static final ArchRule blockMapsKnowNoStore = seesOnly(MAP, LEDGER, PAYLOAD, TABLE, MEMORY);

  @ArchTest
  static final ArchRule theBlockStoreKnowsNoFilesOfAVolume =
      seesOnly(BLOCK, MAP, LEDGER, PAYLOAD, TABLE, MEMORY, LOG);

  @ArchTest
  static final ArchRule inodesKnowNotWhoKeepsOrStoresThem =
      seesOnly(INODE, API, BLOCK, LEDGER, TABLE, MEMORY);

  @ArchTest
  static final ArchRule historyKnowsNoOperation =
      seesOnly(HISTORY, API, INODE, BLOCK, LEDGER, MEMORY);

  @ArchTest
  static final ArchRule volumesKnowNotWhereTheyAreStored =
      seesOnly(VOLUME, API, HISTORY, INODE, BLOCK, MAP, LEDGER, PAYLOAD, TABLE, MEMORY, LOG);

  @ArchTest
  static final ArchRule rowsAreOfOneVolume =
      seesOnly(STORED, API, VOLUME, HISTORY, INODE, BLOCK, LEDGER, TABLE, MEMORY, LOG);

  @ArchTest
  static final ArchRule namedStatesKnowNeitherRowsOfVolumesNorTheEngine =
      seesOnly(STATES, API, VOLUME, HISTORY, INODE, BLOCK, LEDGER, TABLE, MEMORY, LOG);

  @ArchTest
  static final ArchRule othersSeeTheApiAndWhereArraysAreOpened =
      noClasses()
          .that()
          .resideOutsideOfPackage(ARRAY)
          .should()
          .dependOnClassesThat(resideInAPackage(ARRAY).and(not(resideInAnyPackage(API, ENGINE))));

  @ArchTest
  static final ArchRule doorsOpenNoArray =
      noClasses()
          .that()
          .resideInAnyPackage("org.facsim.nfs..", "org.facsim.vaai..", "org.facsim.services..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ENGINE);

  private static final Set<String> FILES_THAT_OPENS =
      Set.of(
          "newByteChannel",
          "newInputStream",
          "newOutputStream",
          "newBufferedReader",
          "newBufferedWriter",
          "write",
          "writeString",
          "readAllBytes",
          "readAllLines",
          "readString",
          "lines",
          "createFile",
          "copy");

  /** An interrupt of the caller would close a plain channel for all who use the file. */
  private static final DescribedPredicate<JavaAccess<?>> OPENS_A_FILE =
      DescribedPredicate.describe(
          "opens a file",
          access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            if (owner.isEquivalentTo(Files.class)) {
              return FILES_THAT_OPENS.contains(name);
            }
            boolean isChannel =
                owner.isEquivalentTo(FileChannel.class)
                    || owner.isEquivalentTo(AsynchronousFileChannel.class);
            boolean isStream =
                owner.isEquivalentTo(FileInputStream.class)
                    || owner.isEquivalentTo(FileOutputStream.class)
                    || owner.isEquivalentTo(RandomAccessFile.class);
            return (isChannel && name.equals("open"))
                || (isStream && access.getTarget() instanceof ConstructorCallTarget);
          });

  /** Beside it only a device that is always full is opened, to learn how the system says so. */
  @ArchTest
  static final ArchRule oneClassOpensTheFilesOfADataDirectory =
      noClasses()
          .that()
          .resideInAPackage(ARRAY)
          .and()
          .doNotHaveFullyQualifiedName("org.facsim.array.log.file.DataChannel")
          .and()
          .doNotHaveFullyQualifiedName("org.facsim.array.log.file.DiskErrors")
          .should()
          .accessTargetWhere(OPENS_A_FILE);
}
