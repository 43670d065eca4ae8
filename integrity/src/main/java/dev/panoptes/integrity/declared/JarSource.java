package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which source a jar of an image is made of: the only class with a {@code main} of the module in whose folder Maven
 * ({@code target}) or Gradle ({@code build/libs}) makes it. Safe for use by several threads.
 */
final class JarSource {
    private static final int MOST_FILES = 1_500;
    private static final int DEEPEST = 24;
    private static final Pattern MADE = Pattern.compile("(?:(.*)/)?(?:target|build/libs)/[^/]*\\.jar");
    private static final Pattern MAIN = Pattern.compile("\\bstatic\\s+(?:final\\s+)?void\\s+main\\s*\\(");

    private final Declarations declarations;
    private final Map<String, Optional<String>> mains = new ConcurrentHashMap<>();

    JarSource(Declarations declarations) {
        this.declarations = declarations;
    }

    /**
     * The rootPath of the class that {@code java -jar} starts; null where that is not known.
     *
     * @param context rootPath of the build context
     */
    @Nullable
    String program(Dockerfile dockerfile, Dockerfile.Stage stage, String context, StartCommand start) {
        if (!"java".equals(start.runner())
                || start.module() == null
                || !start.text().contains(" -jar ")) {
            return null;
        }
        Set<String> modules = new LinkedHashSet<>();
        for (Dockerfile.Copy copy : stage.copies()) {
            for (String source : copy.sources()) {
                Matcher made = MADE.matcher(source);
                if (made.matches()) {
                    String folder = made.group(1) == null ? "" : made.group(1);
                    String below = copy.from() == null ? folder : inContext(dockerfile, copy.from(), folder);
                    String module = below == null || below.contains("*") || copy.unclear()
                            ? null
                            : ContainerPath.belowRoot(context, below);
                    if (module == null) {
                        return null;
                    }
                    modules.add(module);
                }
            }
        }
        return modules.size() == 1
                ? mains.computeIfAbsent(modules.iterator().next(), module -> Optional.ofNullable(main(module)))
                        .orElse(null)
                : null;
    }

    /** Where a folder of another stage lies in the context, all of which was copied to that stage's working directory. */
    private static @Nullable String inContext(Dockerfile dockerfile, String from, String folder) {
        Dockerfile.Stage stage = dockerfile.stage(from).orElse(null);
        return stage == null
                ? null
                : ContainerPath.below(stage.workdir(), ContainerPath.resolve(stage.workdir(), folder));
    }

    private @Nullable String main(String module) {
        Path sources = declarations.root().resolve(module).resolve("src/main/java");
        List<String> found = new ArrayList<>();
        int[] files = {0};
        try {
            Files.walkFileTree(sources, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String rootPath = declarations.root().relativize(file).toString();
                    if (rootPath.endsWith(".java") && attributes.isRegularFile()) {
                        files[0]++;
                        String text = declarations.code().text(rootPath);
                        if (text != null && MAIN.matcher(text).find()) {
                            found.add(rootPath);
                        }
                    }
                    return files[0] > MOST_FILES || found.size() > 1
                            ? FileVisitResult.TERMINATE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException exc) {
                    // What cannot be looked at may hold another one.
                    found.clear();
                    files[0] = MOST_FILES + 1;
                    return FileVisitResult.TERMINATE;
                }
            });
        } catch (IOException e) {
            return null;
        }
        return files[0] <= MOST_FILES && found.size() == 1 ? found.getFirst() : null;
    }
}
