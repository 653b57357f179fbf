/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.implement;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.protocol.rpc.ProcedureRouter;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;
import org.facsim.testcontainers.FacsimContainer;
import org.facsim.vaai.opensds.OpenSdsFlags;

/**
 * The module table of ARCHITECTURE.md, and what holds between packages. The parts of the array have
 * rules of their own, see {@link ArrayArchitectureIT}.
 */
@AnalyzeClasses(packages = "org.facsim", importOptions = ArchitectureIT.ProductionCode.class)
class ArchitectureIT {

  /** Neither test classes nor what one module's tests lend to others. */
  static final class ProductionCode implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return new DoNotIncludeTests().includes(location) && !location.contains("-tests.jar");
    }
  }

  private static final String ARRAY = "org.facsim.array..";
  private static final String PROTOCOL = "org.facsim.protocol..";
  private static final String SERVICES = "org.facsim.services..";
  private static final String ACCESS = "org.facsim.services.access..";
  private static final String CALLS = "org.facsim.services.calls..";
  private static final String STATE = "org.facsim.services.state..";
  private static final String NFS = "org.facsim.nfs..";
  private static final String VAAI = "org.facsim.vaai..";
  private static final String HYPERVISOR = "org.facsim.hypervisor..";
  private static final String EMBEDDED = "org.facsim.embedded..";
  private static final String TESTCONTAINERS = "org.facsim.testcontainers..";
  private static final String MANAGEMENT = "org.facsim.management..";
  private static final String APP = "org.facsim.app..";

  private static final String TIME = "org.facsim.hypervisor.time..";
  private static final String LOG = "org.facsim.hypervisor.log..";
  private static final String DATASTORE = "org.facsim.hypervisor.datastore..";
  private static final String GUEST = "org.facsim.hypervisor.guest..";
  private static final String ACTIVITY = "org.facsim.hypervisor.activity..";
  private static final String CATALOG = "org.facsim.hypervisor.catalog..";
  private static final String VMDK = "org.facsim.hypervisor.vmdk..";
  private static final String VM = "org.facsim.hypervisor.vm..";
  private static final String MOVER = "org.facsim.hypervisor.mover..";
  private static final String CLONE = "org.facsim.hypervisor.clone..";
  private static final String TASK = "org.facsim.hypervisor.task..";
  private static final String BACKUP = "org.facsim.hypervisor.backup..";
  private static final String OPERATION = "org.facsim.hypervisor.operation..";
  private static final String CONSOLE = "org.facsim.hypervisor.console..";

  /**
   * What a part of a simulated host may see of the others, beside the host's time and its log;
   * never the door that puts them together.
   */
  private static ArchRule partsSeenBy(String part, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(part)
        .should()
        .dependOnClassesThat(
            resideInAPackage(HYPERVISOR)
                .and(not(resideInAPackage(part)))
                .and(not(resideInAnyPackage(TIME, LOG)))
                .and(not(resideInAnyPackage(others))));
  }

  @ArchTest
  static final ArchRule arraySeesNoNetworkNoProtocolAndNoDoor =
      noClasses()
          .that()
          .resideInAPackage(ARRAY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..",
              "java.net..",
              PROTOCOL,
              SERVICES,
              NFS,
              VAAI,
              HYPERVISOR,
              EMBEDDED,
              MANAGEMENT,
              APP);

  @ArchTest
  static final ArchRule protocolNeverSeesTheArray =
      noClasses()
          .that()
          .resideInAPackage(PROTOCOL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ARRAY, SERVICES, NFS, VAAI, HYPERVISOR, EMBEDDED, MANAGEMENT, APP);

  @ArchTest
  static final ArchRule theFloorBetweenDoorsAndArraySeesNoWire =
      noClasses()
          .that()
          .resideInAPackage(SERVICES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..", PROTOCOL, NFS, VAAI, HYPERVISOR, EMBEDDED, MANAGEMENT, APP);

  @ArchTest
  static final ArchRule theCallChainSeesGrantsAndArrayOnly =
      noClasses()
          .that()
          .resideInAPackage(CALLS)
          .should()
          .dependOnClassesThat(
              resideInAPackage(SERVICES).and(not(resideInAnyPackage(CALLS, ACCESS))));

  @ArchTest
  static final ArchRule whoDoesNotAskForFaultsDoesNotSeeThem =
      noClasses()
          .that()
          .resideInAnyPackage(ACCESS, CALLS, STATE, "org.facsim.services.offload..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.facsim.services.faults..");

  @ArchTest
  static final ArchRule accessSeesNoOtherPartOfItsFloor =
      noClasses()
          .that()
          .resideInAPackage(ACCESS)
          .should()
          .dependOnClassesThat(resideInAPackage(SERVICES).and(not(resideInAPackage(ACCESS))));

  @ArchTest
  static final ArchRule whatClientsHoldSeesWhoMayDoWhatAlone =
      noClasses()
          .that()
          .resideInAPackage(STATE)
          .should()
          .dependOnClassesThat(
              resideInAPackage(SERVICES).and(not(resideInAnyPackage(ACCESS, STATE))));

  @ArchTest
  static final ArchRule theNfsDoorSeesArrayAndProtocolOnly =
      noClasses()
          .that()
          .resideInAPackage(NFS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(VAAI, HYPERVISOR, EMBEDDED, MANAGEMENT, APP);

  @ArchTest
  static final ArchRule theVaaiDoorSeesArrayAndProtocolOnly =
      noClasses()
          .that()
          .resideInAPackage(VAAI)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(NFS, HYPERVISOR, EMBEDDED, MANAGEMENT, APP);

  /**
   * No call of NFS passes a class of VAAI: only whoever puts the doors together knows them, and the
   * command line one class that it reads an option into.
   */
  @ArchTest
  static final ArchRule nobodyButTheCompositionRootKnowsTheVaaiDoor =
      noClasses()
          .that(not(resideInAnyPackage(VAAI, EMBEDDED)))
          .should()
          .dependOnClassesThat(resideInAPackage(VAAI).and(not(equivalentTo(OpenSdsFlags.class))));

  /**
   * The commands of an administrator are the array's, not a door's, and JSON goes through no
   * message of RPC.
   */
  @ArchTest
  static final ArchRule theHttpDoorSeesNoOtherDoor =
      noClasses()
          .that()
          .resideInAPackage(MANAGEMENT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(PROTOCOL, NFS, VAAI, HYPERVISOR, EMBEDDED, APP);

  @ArchTest
  static final ArchRule nobodyBelowTheControlKnowsIt =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.facsim.services.access..",
              "org.facsim.services.state..",
              "org.facsim.services.offload..",
              "org.facsim.services.explain..",
              "org.facsim.services.calls..",
              "org.facsim.services.paths..",
              "org.facsim.services.faults..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.facsim.services.control..");

  @ArchTest
  static final ArchRule hostsMeetTheArrayOnTheWireOnly =
      noClasses()
          .that()
          .resideInAPackage(HYPERVISOR)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ARRAY, SERVICES, NFS, VAAI, EMBEDDED, MANAGEMENT, APP);

  @ArchTest
  static final ArchRule theTimeOfHostsKnowsNoOtherPartOfAHost =
      noClasses()
          .that()
          .resideInAPackage(TIME)
          .should()
          .dependOnClassesThat(resideInAPackage(HYPERVISOR).and(not(resideInAPackage(TIME))));

  @ArchTest
  static final ArchRule theLogOfAHostKnowsItsTimeOnly =
      noClasses()
          .that()
          .resideInAPackage(LOG)
          .should()
          .dependOnClassesThat(
              resideInAPackage(HYPERVISOR).and(not(resideInAnyPackage(TIME, LOG))));

  @ArchTest static final ArchRule datastoresKnowNoOtherPartOfAHost = partsSeenBy(DATASTORE);

  @ArchTest static final ArchRule guestsKnowNoOtherPartOfAHost = partsSeenBy(GUEST);

  @ArchTest
  static final ArchRule guestsAtWorkKnowMachinesAndTimeOnly =
      partsSeenBy(ACTIVITY, VM, GUEST, DATASTORE, TIME);

  @ArchTest static final ArchRule theCatalogOfGuestsKnowsGuestsOnly = partsSeenBy(CATALOG, GUEST);

  @ArchTest
  static final ArchRule onlyTheCatalogOfAHostReadsYaml =
      noClasses()
          .that()
          .resideInAPackage(HYPERVISOR)
          .and(not(resideInAPackage(CATALOG)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.yaml..");

  @ArchTest static final ArchRule diskFormatsKnowNoOtherPartOfAHost = partsSeenBy(VMDK);

  @ArchTest static final ArchRule tasksKnowOnlyTheErrorsOfDatastores = partsSeenBy(TASK, DATASTORE);

  @ArchTest
  static final ArchRule virtualMachinesKnowNeitherTheDataMoverNorClones =
      partsSeenBy(VM, GUEST, VMDK, DATASTORE, TASK);

  @ArchTest
  static final ArchRule theDataMoverKnowsNoTask = partsSeenBy(MOVER, VM, GUEST, DATASTORE);

  @ArchTest
  static final ArchRule cloneTasksKnowNoDiskFormat =
      partsSeenBy(CLONE, MOVER, VM, GUEST, DATASTORE, TASK);

  @ArchTest
  static final ArchRule backupsKnowNoDiskFormat = partsSeenBy(BACKUP, VM, GUEST, DATASTORE, TASK);

  @ArchTest
  static final ArchRule operationsKnowNoDiskFormat =
      partsSeenBy(OPERATION, BACKUP, CLONE, MOVER, VM, GUEST, DATASTORE, TASK);

  @ArchTest
  static final ArchRule noPartOfAHostKnowsItsConsole =
      noClasses()
          .that(resideInAPackage(HYPERVISOR).and(not(resideInAPackage(CONSOLE))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CONSOLE);

  @ArchTest
  static final ArchRule ofAHostOnlyDatastoresSpeakToTheArray =
      noClasses()
          .that(resideInAPackage(HYPERVISOR).and(not(resideInAPackage(DATASTORE))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(PROTOCOL);

  @ArchTest
  static final ArchRule guestsAndDiskFormatsDoNoInputOrOutput =
      noClasses()
          .that()
          .resideInAnyPackage(GUEST, VMDK)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "java.io..", "java.net..", "java.nio.channels..");

  @ArchTest
  static final ArchRule theCompositionRootKnowsNeitherHostsNorCommands =
      noClasses()
          .that()
          .resideInAPackage(EMBEDDED)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(HYPERVISOR, MANAGEMENT, APP, "io.vertx..");

  @ArchTest
  static final ArchRule commandLineAndLogbackStayInTheProgram =
      noClasses()
          .that()
          .resideOutsideOfPackage(APP)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "ch.qos.logback..");

  @ArchTest
  static final ArchRule jsonStaysInTheHttpDoorAndTheProgram =
      noClasses()
          .that()
          .resideOutsideOfPackages(MANAGEMENT, APP)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml.jackson..", "io.vertx..", "io.micrometer..");

  /**
   * It passes on what the program behind it says of itself, which is easily forgotten. The router
   * asks the program that answers.
   */
  @ArchTest
  static final ArchRule whoeverStandsInFrontOfAProgramIsADecorator =
      noFields()
          .that()
          .areDeclaredInClassesThat(
              implement(RpcProgram.class)
                  .and(not(assignableTo(RpcProgramDecorator.class)))
                  .and(not(equivalentTo(ProcedureRouter.class))))
          .should()
          .haveRawType(assignableTo(RpcProgram.class).or(assignableTo(RpcProgram[].class)));

  /**
   * These ask a name service, forwards or backwards, on whatever thread they are called; some take
   * text that only looks like an address for a name.
   */
  private static final DescribedPredicate<JavaAccess<?>> ASKS_A_NAME_SERVICE =
      DescribedPredicate.describe(
          "asks a name service",
          access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            if (owner.isAssignableTo(InetAddress.class)) {
              return Set.of(
                      "getByName",
                      "getAllByName",
                      "getLocalHost",
                      "getHostName",
                      "getCanonicalHostName")
                  .contains(name);
            }
            boolean connects =
                owner.isEquivalentTo(InetSocketAddress.class) || owner.isAssignableTo(Socket.class);
            return connects
                && (name.equals("getHostName")
                    || (access.getTarget() instanceof ConstructorCallTarget constructor
                        && constructor.getRawParameterTypes().stream()
                            .anyMatch(type -> type.isEquivalentTo(String.class))));
          });

  /**
   * The Testcontainers module looks up the Docker host, in its user's test and not in the program.
   */
  @ArchTest
  static final ArchRule textBecomesAnAddressInOnePlaceOnly =
      noClasses()
          .that()
          .doNotBelongToAnyOf(IpAddresses.class, FacsimContainer.class)
          .should()
          .accessTargetWhere(ASKS_A_NAME_SERVICE);

  /**
   * It reaches an array over the wire only, so that its users get nothing of the array's classes.
   */
  @ArchTest
  static final ArchRule theTestcontainersModuleSeesNothingOfTheArray =
      noClasses()
          .that()
          .resideInAPackage(TESTCONTAINERS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.facsim..", "io.netty..", "io.vertx..")
                  .and(not(resideInAnyPackage(TESTCONTAINERS))));

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("org.facsim.(**)").should().beFreeOfCycles();
}
