package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the stages of a Dockerfile copy from earlier ones that do not make it. Told only where every RUN of the stage is understood: a
 * build whose output is known ({@code go build -o}, a cargo package, a simple project of Maven, a bundler), or what makes no file that could be meant.
 */
public final class StageProducts {
    private static final int LONGEST_RUN = 4_000;
    /** They change or install, and make nothing beside the products of a build. */
    private static final Set<String> HARMLESS = Set.of(
            "apt-get",
            "apt",
            "apk",
            "microdnf",
            "dnf",
            "yum",
            "adduser",
            "addgroup",
            "useradd",
            "groupadd",
            "chown",
            "chmod",
            "rm",
            "set",
            "export",
            "true",
            "strip",
            "upx",
            "ls",
            "corepack",
            "update-ca-certificates",
            "rustup",
            "sync",
            "which",
            "test");

    /** A build of such a file leaves more in its folder. */
    private static final String JAR = ".jar";

    private static final Set<String> GO_HARMLESS = Set.of("mod", "env", "vet", "test", "version", "fmt");
    private static final Set<String> CARGO_HARMLESS = Set.of("fetch", "test", "clippy", "chef", "fmt", "check");
    private static final Set<String> PACKAGE_RUNNERS = Set.of("npm", "yarn", "pnpm");

    private final Declarations declarations;
    private final BuildContexts contexts;

    public StageProducts(Declarations declarations, BuildContexts contexts) {
        this.declarations = declarations;
        this.contexts = contexts;
    }

    /**
     * A source that the stage does not hold.
     *
     * @param source absolute, in the stage
     * @param made what it makes instead, absolute, never empty
     */
    public record Lacking(Dockerfile.Copy copy, String stage, String source, List<String> made) {
        public Lacking {
            made = List.copyOf(made);
        }

        private boolean isSame(Lacking other) {
            return copy.line() == other.copy.line() && source.equals(other.source);
        }
    }

    /** @param folders that are made empty */
    private record Made(Set<String> products, Set<String> folders) {}

    /** In the order of the copies; empty where all is made, or that is not known. */
    public List<Lacking> lacking(Dockerfile dockerfile) {
        List<Lacking> all = null;
        for (String context : contexts.possible(dockerfile)) {
            List<Lacking> each = lacking(dockerfile, context);
            if (all == null) {
                all = each;
            } else if (each != null) {
                // It may be built from any of several folders.
                all.removeIf(one -> each.stream().noneMatch(other -> other.isSame(one)));
            }
        }
        return all == null ? List.of() : all;
    }

    /** Null where it is not known what the stages make, built from this folder. */
    private @Nullable List<Lacking> lacking(Dockerfile dockerfile, String context) {
        List<Lacking> lacking = null;
        for (int i = 0; i < dockerfile.stages().size(); i++) {
            for (Dockerfile.Copy copy : dockerfile.stages().get(i).copies()) {
                Dockerfile.Stage from = copy.unclear() ? null : stage(dockerfile, copy.from(), i);
                Made made = from == null ? null : made(from, context);
                if (from == null || made == null || made.products().isEmpty()) {
                    continue;
                }
                lacking = lacking == null ? new ArrayList<>() : lacking;
                for (String source : copy.sources()) {
                    Lacking one = new Lacking(
                            copy,
                            String.valueOf(copy.from()),
                            ContainerPath.resolve("/", source),
                            List.copyOf(made.products()));
                    if (lacking.stream().noneMatch(one::isSame)
                            && isLacking(one.source(), source, from, made, context)) {
                        lacking.add(one);
                    }
                }
            }
        }
        return lacking;
    }

    private static Dockerfile.@Nullable Stage stage(Dockerfile dockerfile, @Nullable String from, int before) {
        if (from == null) {
            return null;
        }
        for (int i = 0; i < before; i++) {
            Dockerfile.Stage stage = dockerfile.stages().get(i);
            if (from.equals(Integer.toString(i)) || from.equalsIgnoreCase(stage.name())) {
                return stage;
            }
        }
        return null;
    }

    private boolean isLacking(String path, String written, Dockerfile.Stage stage, Made made, String context) {
        if ((made.products().stream().anyMatch(each -> each.endsWith(JAR)) && !path.endsWith(JAR))
                || ModuleSearch.isGlob(written)
                || written.contains("$")
                || path.equals("/")
                || made.folders().stream().anyMatch(each -> isSameOrBelow(each, path))
                || made.products().stream().anyMatch(each -> isSameOrBelow(each, path) || isSameOrBelow(path, each))) {
            return false;
        }
        String folder = folder(path);
        boolean ofBuild = made.products().stream().anyMatch(each -> folder(each).equals(folder))
                || (stage.workdir().length() > 1 && isSameOrBelow(path, stage.workdir()));
        if (!ofBuild || folder.equals("/usr/bin") || folder.equals("/bin")) {
            // What the base image brings.
            return false;
        }
        return stage.copies().stream().noneMatch(copy -> mayBring(copy, path, context));
    }

    private boolean mayBring(Dockerfile.Copy copy, String path, String context) {
        if (copy.unclear() || copy.destination().startsWith("?")) {
            return true;
        }
        if (isSameOrBelow(copy.destination(), path) && !copy.destination().equals(path)) {
            return true;
        }
        String below = ContainerPath.below(copy.destination(), path);
        if (below == null) {
            return false;
        }
        if (copy.from() != null) {
            return true;
        }
        for (String source : copy.sources()) {
            String place = ContainerPath.belowRoot(context, source);
            String name = place == null ? "" : place.substring(place.lastIndexOf('/') + 1);
            if (place == null
                    || ModuleSearch.isGlob(source)
                    || (below.isEmpty() && !copy.intoFolder())
                    || below.equals(name)
                    || isThere(PathNames.join(place, below))) {
                return true;
            }
        }
        return false;
    }

    private boolean isThere(String rootPath) {
        return switch (declarations.paths().below(rootPath)) {
            case DeployedPath.Below below -> below.exists();
            // What a build makes beside the image, and nobody keeps: the stage is to make it itself.
            case DeployedPath.BuildProduct product -> false;
            case DeployedPath.Outside outside -> true;
            case DeployedPath.Unclear unclear -> true;
        };
    }

    private static boolean isSameOrBelow(String path, String folder) {
        return ContainerPath.below(folder, path) != null;
    }

    private static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** All that its RUNs make, absolute; null where one is not understood. */
    private @Nullable Made made(Dockerfile.Stage stage, String context) {
        Made made = new Made(new TreeSet<>(), new TreeSet<>());
        if (stage.workdir().startsWith("?")) {
            return null;
        }
        for (Dockerfile.Run run : stage.runs()) {
            String text = run.text();
            if (text.length() >= LONGEST_RUN || text.startsWith("[") || text.contains("<<") || text.contains("`")) {
                return null;
            }
            for (String command : text.split("&&|\\|\\||;")) {
                if (!made(ShellWords.split(command), stage, context, made)) {
                    return null;
                }
            }
        }
        return made;
    }

    /** False where it is not known what this command makes. */
    private boolean made(List<String> all, Dockerfile.Stage stage, String context, Made into) {
        int at = 0;
        while (at < all.size()
                && (all.get(at).matches("[A-Za-z_]\\w*=.*") || all.get(at).startsWith("--mount="))) {
            if (all.get(at).contains("target=" + stage.workdir())
                    || all.get(at).startsWith("CARGO_TARGET_DIR")
                    || all.get(at).startsWith("BUILD_PATH")) {
                return false;
            }
            at++;
        }
        List<String> words = all.subList(at, all.size());
        if (words.isEmpty()) {
            return true;
        }
        String program = words.getFirst();
        String verb = words.size() > 1 ? words.get(1) : "";
        if (words.stream().anyMatch(word -> word.contains(">") || word.equals("|") || word.contains("$("))) {
            return false;
        }
        if (HARMLESS.contains(program)
                || (program.equals("go") && GO_HARMLESS.contains(verb))
                || (program.equals("cargo") && CARGO_HARMLESS.contains(verb))) {
            return true;
        }
        if (program.equals("mkdir")) {
            words.stream()
                    .skip(1)
                    .filter(word -> !word.startsWith("-"))
                    .forEach(word -> into.folders().add(ContainerPath.resolve(stage.workdir(), word)));
            return words.stream().noneMatch(word -> word.contains("$") || word.contains("{"));
        }
        if (program.equals("go") && verb.equals("build")) {
            return go(words, stage, into.products());
        }
        if (program.equals("cargo") && verb.equals("build")) {
            return cargo(words, stage, context, into.products());
        }
        if (program.equals("mvn")) {
            return maven(words, stage, context, into.products());
        }
        return PACKAGE_RUNNERS.contains(program) && bundled(words, stage, context, into.products());
    }

    private static boolean go(List<String> words, Dockerfile.Stage stage, Set<String> into) {
        String output = null;
        for (int i = 2; i < words.size(); i++) {
            if (words.get(i).equals("-o") && i + 1 < words.size()) {
                output = words.get(++i);
            } else if (words.get(i).startsWith("-o=")) {
                output = words.get(i).substring(3);
            }
        }
        if (output == null || output.endsWith("/") || output.contains("$") || output.equals(".")) {
            return false;
        }
        into.add(ContainerPath.resolve(stage.workdir(), output));
        return true;
    }

    private boolean cargo(List<String> words, Dockerfile.Stage stage, String context, Set<String> into) {
        String profile = "debug";
        String triple = "";
        String named = null;
        for (int i = 2; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--release") || word.equals("-r")) {
                profile = "release";
            } else if (word.equals("--target") && i + 1 < words.size()) {
                triple = words.get(++i) + "/";
            } else if (word.startsWith("--target=")) {
                triple = word.substring("--target=".length()) + "/";
            } else if ((word.equals("-p") || word.equals("--package")) && i + 1 < words.size() && named == null) {
                named = words.get(++i);
            } else if (!word.equals("--locked") && !word.equals("--offline") && !word.equals("--frozen")) {
                return false;
            }
        }
        String manifest = declarations.code().text(PathNames.join(context, "Cargo.toml"));
        String member = manifest == null || named == null ? "" : member(manifest, named, context);
        if (member == null) {
            return false;
        }
        if (!member.isEmpty()) {
            manifest = declarations.code().text(PathNames.join(context, member + "/Cargo.toml"));
        }
        List<String> names = manifest == null || triple.contains("$") ? List.of() : CargoBinaries.of(manifest);
        boolean more = isThere(PathNames.join(context, member.isEmpty() ? "src/bin" : member + "/src/bin"));
        String folder = member.isEmpty() ? stage.workdir() : ContainerPath.resolve(stage.workdir(), member);
        boolean copied = stage.copies().stream()
                .anyMatch(copy -> copy.from() == null
                        && (copy.destination().equals(stage.workdir())
                                || (!member.isEmpty() && isSameOrBelow(folder, copy.destination()))));
        if (names.isEmpty() || more || !copied) {
            return false;
        }
        for (String name : names) {
            into.add(ContainerPath.resolve(stage.workdir(), "target/" + triple + profile + "/" + name));
        }
        return true;
    }

    private boolean maven(List<String> words, Dockerfile.Stage stage, String context, Set<String> into) {
        Boolean made = MavenJar.isMade(words);
        String pom = declarations.code().text(PathNames.join(context, "pom.xml"));
        boolean copied = stage.copies().stream()
                .anyMatch(copy -> copy.from() == null
                        && !copy.unclear()
                        && copy.destination().equals(stage.workdir())
                        && copy.sources().stream().anyMatch(source -> source.matches("(\\./)?pom\\.xml|\\./?")));
        String jar = made == null || pom == null || !copied || isThere(PathNames.join(context, ".mvn"))
                ? null
                : MavenJar.of(pom);
        if (jar != null && Boolean.TRUE.equals(made)) {
            into.add(ContainerPath.resolve(stage.workdir(), jar));
        }
        return jar != null;
    }

    /** The folder of a package of the workspace; empty for the package of the manifest itself, null where it is not found. */
    private @Nullable String member(String manifest, String named, String context) {
        for (String folder : CargoBinaries.members(manifest)) {
            String text = declarations.code().text(PathNames.join(context, folder + "/Cargo.toml"));
            if (text != null && named.equals(CargoBinaries.packageName(text))) {
                return folder;
            }
        }
        return named.equals(CargoBinaries.packageName(manifest)) ? "" : null;
    }

    private boolean bundled(List<String> words, Dockerfile.Stage stage, String context, Set<String> into) {
        List<String> plain =
                words.stream().skip(1).filter(word -> !word.startsWith("-")).toList();
        String verb = plain.isEmpty() ? "install" : plain.getFirst().toLowerCase(Locale.ROOT);
        String file = declarations.code().text(PathNames.join(context, "package.json"));
        if (file == null) {
            return false;
        }
        if (verb.equals("ci") || verb.equals("install") || verb.equals("i")) {
            return !file.contains("\"prepare\"") && !file.contains("\"postinstall\"");
        }
        String name = verb.equals("run") && plain.size() == 2 ? plain.get(1) : plain.size() == 1 ? verb : "";
        String output = BundlerOutput.of(file, name, declarations, context);
        boolean copied = stage.copies().stream()
                .anyMatch(copy -> copy.from() == null && copy.destination().equals(stage.workdir()));
        if (output == null || !copied) {
            return false;
        }
        into.add(ContainerPath.resolve(stage.workdir(), output));
        return true;
    }
}
