package dev.drover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of the architecture, as src/docs/ARCHITECTURE.md draws them. */
class ArchitectureTest {

    private static final int AT_LEAST = 120;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // the fixtures that the core hands to the other modules' tests
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.drover");

    // from the surfaces down to the values; nothing may point upwards
    private static final List<String> LAYERS =
            List.of("rest", "batch", "jmx", "evacuation", "migration", "fleet", "pool", "hypervisor");

    @Test
    void allModulesAreSeen() {
        assertTrue(CLASSES.size() >= AT_LEAST, () -> "only " + CLASSES.size() + " classes: a module is missing");
        assertTrue(CLASSES.contain("dev.drover.rest.HostsResource"));
        assertTrue(CLASSES.contain("dev.drover.batch.EvacuationJobs"));
    }

    @Test
    void arrowsPointDownwards() {
        for (int i = 1; i < LAYERS.size(); i++) {
            String[] above = LAYERS.subList(0, i).stream()
                    .map(layer -> "dev.drover." + layer + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.drover." + LAYERS.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(CLASSES);
        }
    }

    @Test
    void nothingPointsAtADriverAndDriversDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.drover.driver..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.drover.driver..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.drover.driver.libvirt..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.drover.driver.simulated..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.drover.driver.simulated..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.drover.driver.libvirt..")
                .check(CLASSES);
    }

    @Test
    void driversKnowOnlyTheSpiTheModelAndTime() {
        noClasses()
                .that()
                .resideInAPackage("dev.drover.driver..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.drover.pool..",
                        "dev.drover.fleet..",
                        "dev.drover.planner..",
                        "dev.drover.migration..",
                        "dev.drover.evacuation..",
                        "dev.drover.persistence..")
                .check(CLASSES);
    }

    @Test
    void modelSpiAndPlannerKnowNoJakarta() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.drover.model..", "dev.drover.hypervisor..", "dev.drover.planner..", "dev.drover.time..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta..")
                .check(CLASSES);
    }

    @Test
    void plannerKnowsOnlyTheModel() {
        noClasses()
                .that()
                .resideInAPackage("dev.drover.planner..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.drover.hypervisor..",
                        "dev.drover.pool..",
                        "dev.drover.fleet..",
                        "dev.drover.migration..",
                        "dev.drover.evacuation..")
                .check(CLASSES);
    }

    @Test
    void onlyOneClassKnowsTheJobOperator() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.drover.batch.EvacuationJobs")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("jakarta.batch.operations.JobOperator")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.drover.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
