package dev.panoptes.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import com.tngtech.archunit.library.dependencies.syntax.GivenSlices;
import dev.panoptes.architecture.planted.PlantedMutableStatic;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.judging.Check;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The lines between the modules, and the habits that keep them readable. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/test/") && !location.contains("/test-classes/"))
            .importPackages("dev.panoptes");

    private static final ArchRule NO_MUTABLE_STATICS = noFields()
            .that()
            .areStatic()
            .and(DescribedPredicate.describe(
                    "are written by us", field -> !field.getName().startsWith("$")))
            .should()
            .notBeFinal();

    @Test
    void coreKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("dev.panoptes.core..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.panoptes..")
                        .and(DescribedPredicate.not(resideInAnyPackage("dev.panoptes.core.."))))
                .check(PRODUCT);
    }

    @Test
    void codeKnowsCoreOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.panoptes.code..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.panoptes..")
                        .and(DescribedPredicate.not(resideInAnyPackage("dev.panoptes.core..", "dev.panoptes.code.."))))
                .check(PRODUCT);
    }

    @Test
    void theMiddleModulesNeverMeet() {
        for (String module : Set.of("integrity", "detection", "sensors")) {
            Set<String> others = Set.of("integrity", "detection", "sensors", "server", "cli").stream()
                    .filter(other -> !other.equals(module))
                    .map(other -> "dev.panoptes." + other + "..")
                    .collect(Collectors.toSet());
            noClasses()
                    .that()
                    .resideInAPackage("dev.panoptes." + module + "..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(others.toArray(String[]::new)))
                    .allowEmptyShould(true)
                    .check(PRODUCT);
        }
    }

    @Test
    void theServerNeverUsesSensorsNorTheCommandLine() {
        noClasses()
                .that()
                .resideInAPackage("dev.panoptes.server..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.panoptes.sensors..", "dev.panoptes.cli.."))
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void theWordsOfCoreImportNoHostAndNoThirdPartyButTheYamlReader() {
        classes()
                .that()
                .resideInAnyPackage(
                        "dev.panoptes.core.registry..",
                        "dev.panoptes.core.yaml..",
                        "dev.panoptes.core.issue..",
                        "dev.panoptes.core.event..",
                        "dev.panoptes.core.text..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "org.snakeyaml..",
                        "dev.panoptes.core",
                        "dev.panoptes.core.registry..",
                        "dev.panoptes.core.yaml..",
                        "dev.panoptes.core.issue..",
                        "dev.panoptes.core.event..",
                        "dev.panoptes.core.text.."))
                .check(PRODUCT);
    }

    @Test
    void aCheckNeverSeesAWriterAndAWriterNeverSeesACheck() {
        noClasses()
                .that()
                .resideInAPackage("..integrity.checks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..integrity.report..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("..integrity.report..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..integrity.checks..")
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void checksReadNothingButTheirWorld() {
        noClasses()
                .that()
                .resideInAPackage("..integrity.checks..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "dev.panoptes.core.host.."))
                .check(PRODUCT);
    }

    @Test
    void everyCheckIsFinalPackagePrivateAndListed() {
        Set<String> listed =
                Checks.all().stream().map(check -> check.getClass().getName()).collect(Collectors.toSet());
        Set<String> written = PRODUCT.stream()
                .filter(type -> type.isAssignableTo(Check.class) && !type.isInterface())
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
        assertThat(listed).isEqualTo(written);
        if (!written.isEmpty()) {
            classes()
                    .that()
                    .areAssignableTo(Check.class)
                    .and()
                    .areNotInterfaces()
                    .should()
                    .bePackagePrivate()
                    .andShould()
                    .haveModifier(JavaModifier.FINAL)
                    .andShould()
                    .haveSimpleNameEndingWith("Check")
                    .andShould()
                    .resideInAPackage("dev.panoptes.integrity.checks")
                    .check(PRODUCT);
        }
    }

    @Test
    void sqlStaysInStores() {
        classes()
                .that()
                .resideOutsideOfPackages("dev.panoptes.server.storage..")
                .and()
                .haveSimpleNameNotEndingWith("Store")
                .and(DescribedPredicate.describe(
                        "are no part of a store", type -> !type.getName().contains("Store$")))
                .should(notDependOn("java.sql"))
                .check(PRODUCT);
    }

    @Test
    void serverFeaturesAreFreeOfCycles() {
        packagesOf("dev.panoptes.server").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void thePackagesOfTheCommandLineAreFreeOfCycles() {
        packagesOf("dev.panoptes.cli").should().beFreeOfCycles().check(PRODUCT);
    }

    /** Every package below with what is in it, and the root as one of its own: the two levels are easily tied into a knot. */
    private static GivenSlices packagesOf(String root) {
        return SlicesRuleDefinition.slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                if (name.equals(root)) {
                    return SliceIdentifier.of("the root");
                }
                return name.startsWith(root + ".")
                        ? SliceIdentifier.of(name.substring(root.length() + 1).replaceAll("\\..*", ""))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages of " + root;
            }
        });
    }

    @Test
    void theRoomsOfIntegrityAreFreeOfCycles() {
        SlicesRuleDefinition.slices()
                .matching("dev.panoptes.integrity.(*)..")
                .should()
                .beFreeOfCycles()
                .check(PRODUCT);
        noClasses()
                .should()
                .resideInAPackage("dev.panoptes.integrity")
                .because("each class stands in the room that says what it is")
                .check(PRODUCT);
    }

    @Test
    void theServersRootIsSeenByNoFeature() {
        noClasses()
                .that()
                .resideInAPackage("dev.panoptes.server.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.panoptes.server")
                .check(PRODUCT);
    }

    @Test
    void noMutableStatics() {
        NO_MUTABLE_STATICS.check(PRODUCT);
    }

    @Test
    void optionalIsOnlyReturned() {
        fields().should().notHaveRawType(Optional.class).check(PRODUCT);
        methods()
                .should(new ArchCondition<JavaMethod>("not take an Optional") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        boolean takes = !method.getName().startsWith("lambda$")
                                && method.getRawParameterTypes().stream()
                                        .anyMatch(type -> type.isEquivalentTo(Optional.class));
                        if (takes) {
                            events.add(SimpleConditionEvent.violated(method, method.getFullName()));
                        }
                    }
                })
                .check(PRODUCT);
    }

    /** The canary: a rule that cannot fail guards nothing. */
    @Test
    void aPlantedViolationIsCaught() {
        JavaClasses planted = new ClassFileImporter().importClasses(PlantedMutableStatic.class);
        assertThatThrownBy(() -> NO_MUTABLE_STATICS.check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PlantedMutableStatic");
        assertThat(PRODUCT.that(alwaysTrue())).hasSizeGreaterThan(50);
    }

    private static ArchCondition<JavaClass> notDependOn(String packageName) {
        return new ArchCondition<>("not use " + packageName) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency ->
                                dependency.getTargetClass().getPackageName().equals(packageName))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
            }
        };
    }
}
