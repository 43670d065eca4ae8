package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code mvn package} calls the jar of a simple project: {@code target/ARTIFACT-VERSION.jar} (Maven, "POM Reference", finalName).
 * Told only where nothing in sight could call it otherwise.
 */
final class MavenJar {
    private static final int LONGEST = 30_000;
    private static final Set<String> PHASES = Set.of("package", "verify", "install");
    private static final Pattern OTHER_GOAL =
            Pattern.compile("clean|dependency:(?:go-offline|resolve|resolve-plugins)|validate|compile|test");
    private static final Pattern OPTION = Pattern.compile(
            "-[qBeUo]|-ntp|--(?:quiet|batch-mode|no-transfer-progress|offline|update-snapshots)|-Dmaven\\.test\\.skip(?:=true)?"
                    + "|-DskipTests(?:=true)?|-DskipITs(?:=true)?");
    /** A parent of one's own may set names. */
    private static final Pattern PARENT = Pattern.compile("(?s)<parent>(.*?)</parent>");

    private static final Pattern PLUGIN = Pattern.compile("(?s)<plugin>(.*?)</plugin>");
    private static final Pattern OTHERWISE = Pattern.compile(
            "<(?:finalName|classifier|directory|outputDirectory|modules|profiles|packaging|outputFile)>");
    private static final Pattern PLUGINS = Pattern.compile(
            "spring-boot-maven-plugin|maven-(?:compiler|surefire|failsafe|enforcer)-plugin|jacoco-maven-plugin");
    private static final Pattern NESTED = Pattern.compile(
            "(?s)<(dependencies|dependencyManagement|build|properties|licenses|scm|developers)>.*?</\\1>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>\\s*([\\w.-]+)\\s*</artifactId>");
    private static final Pattern VERSION = Pattern.compile("<version>\\s*([\\w.-]+)\\s*</version>");

    private MavenJar() {}

    /** Whether a command line of Maven makes the jar; null where that is not known. */
    static @Nullable Boolean isMade(List<String> words) {
        boolean made = false;
        for (String word : words.subList(1, words.size())) {
            if (PHASES.contains(word)) {
                made = true;
            } else if (!OPTION.matcher(word).matches()
                    && !OTHER_GOAL.matcher(word).matches()) {
                return null;
            }
        }
        return made;
    }

    /** The jar, from the project's folder; null where it may be called otherwise. */
    static @Nullable String of(String pom) {
        if (pom.length() > LONGEST) {
            return null;
        }
        String text = pom.replaceAll("(?s)<!--.*?-->|<packaging>\\s*jar\\s*</packaging>", "");
        Matcher parent = PARENT.matcher(text);
        String inherited = null;
        if (parent.find()) {
            if (!parent.group(1).contains("<artifactId>spring-boot-starter-parent</artifactId>")) {
                return null;
            }
            Matcher version = VERSION.matcher(parent.group(1));
            inherited = version.find() ? version.group(1) : null;
            text = text.substring(0, parent.start()) + text.substring(parent.end());
        }
        if (OTHERWISE.matcher(text).find()) {
            return null;
        }
        Matcher plugin = PLUGIN.matcher(text);
        while (plugin.find()) {
            Matcher name = ARTIFACT.matcher(plugin.group(1));
            if (!name.find() || !PLUGINS.matcher(name.group(1)).matches()) {
                return null;
            }
        }
        String own = NESTED.matcher(text).replaceAll("");
        Matcher artifact = ARTIFACT.matcher(own);
        Matcher version = VERSION.matcher(own);
        String of = version.find() ? version.group(1) : own.contains("<version>") ? null : inherited;
        return !artifact.find() || of == null ? null : "target/" + artifact.group(1) + "-" + of + ".jar";
    }
}
