package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlDocuments;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Spring Boot application serves {@code /actuator}: only with {@code spring-boot-starter-actuator} among what its build
 * needs (Spring Boot reference, "Production-ready Features").
 */
public final class SpringActuator {
    private static final List<String> BUILDS = List.of("pom.xml", "build.gradle", "build.gradle.kts");

    /** {@code management.server.port} as properties write it, and YAML on one line. */
    private static final Pattern MANAGEMENT =
            Pattern.compile("(?m)^management\\.server\\.port[ \\t]*[=:][ \\t]*([1-9][0-9]{1,4})[ \\t]*$");

    /** What of the options of a virtual machine may name properties, profiles or files of them. */
    private static final Pattern SAYS = Pattern.compile("-D|--|[@$]");

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

    /**
     * The port of its own on which it serves its actuator; null where it has none, or a profile or variable may say another.
     *
     * @param program rootPath of the class that starts the application
     */
    public static @Nullable Integer ownPort(Declarations declarations, String program, Map<String, String> variables) {
        int sources = program.indexOf("src/main/java/");
        boolean moved = variables.keySet().stream()
                .anyMatch(name -> name.startsWith("MANAGEMENT_")
                        || ((name.startsWith("JAVA_") || name.startsWith("JDK_"))
                                && SAYS.matcher(variables.getOrDefault(name, ""))
                                        .find())
                        || name.equals("SPRING_APPLICATION_JSON")
                        || name.startsWith("SPRING_CONFIG"));
        if (sources < 0 || moved) {
            return null;
        }
        String folder = program.substring(0, sources) + "src/main/resources/";
        for (String profile :
                variables.getOrDefault("SPRING_PROFILES_ACTIVE", "").split("[,\\s]+")) {
            for (String suffix : List.of(".yml", ".yaml", ".properties")) {
                String other = declarations.code().text(folder + "application-" + profile + suffix);
                if (other != null && other.contains("management")) {
                    return null;
                }
            }
        }
        for (String name : List.of("application.yml", "application.yaml", "application.properties")) {
            String text = declarations.code().text(folder + name);
            if (text == null || text.contains("\n---")) {
                continue;
            }
            Matcher port = MANAGEMENT.matcher(text);
            if (port.find()) {
                return Integer.valueOf(port.group(1));
            }
            Integer nested = name.endsWith(".properties") ? null : nestedPort(text, folder + name);
            if (nested != null) {
                return nested;
            }
        }
        return null;
    }

    private static @Nullable Integer nestedPort(String text, String name) {
        if (!(new YamlReader().parseAll(text, name) instanceof YamlDocuments.Parsed(var documents, var _))
                || documents.size() != 1
                || !(documents.getFirst() instanceof dev.panoptes.core.yaml.YamlNode.Mapping top)) {
            return null;
        }
        String port = new YamlFields(top, name, new Problems(name))
                .map("management")
                .flatMap(below -> new YamlFields(below, name, new Problems(name)).map("server"))
                .map(below -> new YamlFields(below, name, new Problems(name)).plainText("port"))
                .orElse("");
        return port.matches("[1-9][0-9]{1,4}") ? Integer.valueOf(port) : null;
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
