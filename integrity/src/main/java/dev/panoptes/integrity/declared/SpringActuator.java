package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Spring Boot application serves {@code /actuator}: only with {@code spring-boot-starter-actuator} among what its build
 * needs (Spring Boot reference, "Production-ready Features").
 */
public final class SpringActuator {
    private static final List<String> BUILDS = List.of("pom.xml", "build.gradle", "build.gradle.kts");

    private SpringActuator() {}

    /**
     * True where no build file of the tree names it for this program, and none from elsewhere could.
     *
     * @param program rootPath of the class that starts the application
     */
    public static boolean isLacking(Declarations declarations, String program) {
        int sources = program.indexOf("src/main/java/");
        String text = sources < 0 ? null : declarations.code().text(program);
        if (text == null || !text.contains("SpringApplication")) {
            return false;
        }
        String folder = sources == 0 ? "" : program.substring(0, sources - 1);
        boolean found = false;
        for (String each = folder; each != null; each = above(each)) {
            for (String name : BUILDS) {
                String build = declarations.code().text(PathNames.join(each, name));
                if (build == null) {
                    continue;
                }
                found = true;
                if (build.contains("actuator") || comesFromElsewhere(declarations, each, build)) {
                    return false;
                }
            }
        }
        return found;
    }

    /** True for a build that takes what it needs from a parent or a convention that is not read. */
    private static boolean comesFromElsewhere(Declarations declarations, String folder, String build) {
        String above = above(folder);
        boolean parent = build.contains("<parent>")
                && !build.contains("<artifactId>spring-boot-starter-parent<")
                && (above == null || declarations.code().text(PathNames.join(above, "pom.xml")) == null);
        return parent || build.contains("apply from") || build.contains("convention") || build.contains("buildSrc");
    }

    private static @Nullable String above(String folder) {
        return folder.isEmpty() ? null : folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
    }
}
