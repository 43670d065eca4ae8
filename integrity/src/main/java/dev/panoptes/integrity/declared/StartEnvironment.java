package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommandParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a launcher and its program does to the environment: {@code env -i} and {@code -u}, {@code sudo}, and files
 * that a runner reads ({@code node --env-file}, {@code -r dotenv/config}, Bun, env-cmd, dotenv, {@code uv run --env-file},
 * {@code flask run}).
 */
final class StartEnvironment {
    private static final Set<String> NODE =
            Set.of("node", "nodejs", "tsx", "ts-node", "nodemon", "node-dev", "bun", "uv", "ts-node-dev");

    private final Map<String, String> environment;
    private final FileText files;
    private @Nullable String unknown;

    /** Gives the text of a file by its path from where the command runs. */
    @FunctionalInterface
    interface FileText {
        @Nullable
        String text(String path);
    }

    /** @param environment is changed */
    StartEnvironment(Map<String, String> environment, FileText files) {
        this.environment = environment;
        this.files = files;
    }

    /** Why variables may have other values; null where they may not. */
    @Nullable
    String unknown() {
        return unknown;
    }

    /** Goes through the words of a command. */
    void through(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            List<String> rest = words.subList(i + 1, words.size());
            String program = StartCommandParser.baseName(words.get(i));
            switch (program) {
                case "env" -> {
                    if (i == 0) {
                        env(rest);
                    }
                }
                case "sudo" -> {
                    if (i == 0) {
                        sudo(rest);
                    }
                }
                case "env-cmd" -> read(value(rest, ".env", "-f", "--file"), true);
                case "dotenv" -> {
                    boolean run = rest.contains("run");
                    read(value(rest, ".env", run ? "-f" : "-e", "--file"), run || rest.contains("-o"));
                }
                case "flask" -> {
                    if (rest.contains("run")) {
                        read(".env", false);
                        read(".flaskenv", false);
                    }
                }
                default -> {
                    if (NODE.contains(program)) {
                        runner(program, rest);
                    }
                }
            }
        }
    }

    private void env(List<String> options) {
        for (int i = 0; i < options.size() && options.get(i).startsWith("-"); i++) {
            String option = options.get(i);
            if (option.equals("-") || option.equals("-i") || option.equals("--ignore-environment")) {
                environment.clear();
            } else if ((option.equals("-u") || option.equals("--unset")) && i + 1 < options.size()) {
                environment.remove(options.get(++i));
            } else if (option.startsWith("--unset=")) {
                environment.remove(option.substring("--unset=".length()));
            } else if (option.equals("-C") || option.equals("--chdir")) {
                i++;
            }
        }
    }

    private void sudo(List<String> options) {
        boolean kept = options.stream()
                .anyMatch(option -> option.startsWith("--preserve-env") || option.matches("-[A-Za-z]*E[A-Za-z]*"));
        if (!kept && !environment.isEmpty()) {
            environment.clear();
            unknown = "sudo passes on only the variables that its configuration names";
        }
    }

    private void runner(String program, List<String> options) {
        List<String> named = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            String next = i + 1 < options.size() ? options.get(i + 1) : "";
            if (option.equals("--env-file") || option.equals("--env-file-if-exists")) {
                named.add(next);
                absent(next, option.equals("--env-file"));
            } else if (option.startsWith("--env-file=") || option.startsWith("--env-file-if-exists=")) {
                named.add(option.substring(option.indexOf('=') + 1));
                absent(named.getLast(), option.startsWith("--env-file="));
            } else if (Set.of("-r", "--require", "--import").contains(option) && next.equals("dotenv/config")) {
                named.add(environment.getOrDefault("DOTENV_CONFIG_PATH", ".env"));
            }
        }
        if (program.equals("bun") && named.isEmpty()) {
            // Files that Bun reads by itself, those that count more first.
            String mode = environment.getOrDefault("NODE_ENV", "development");
            named.addAll(List.of(".env.local", ".env." + mode, ".env"));
        } else {
            // Of several files the later ones count.
            named = named.reversed();
        }
        named.forEach(file -> read(file, false));
    }

    /** The runner does not start without a file that it is told to read: where it runs there is one. */
    private void absent(String file, boolean needed) {
        if (needed && (file.isEmpty() || file.startsWith("/") || files.text(file) == null)) {
            unknown = "the file " + TreePaths.shortened(file)
                    + " that its variables come from is not in the scanned tree";
        }
    }

    private static String value(List<String> options, String standard, String... names) {
        for (int i = 0; i < options.size(); i++) {
            for (String name : names) {
                if (options.get(i).equals(name) && i + 1 < options.size()) {
                    return options.get(i + 1);
                }
                if (options.get(i).startsWith(name + "=")) {
                    return options.get(i).substring(name.length() + 1);
                }
            }
        }
        return standard;
    }

    private void read(String file, boolean overrules) {
        String text = file.isEmpty() || file.startsWith("/") ? null : files.text(file);
        if (text == null) {
            return;
        }
        UnaryOperator<String> plain = line -> line.strip().replaceFirst("^export\\s+", "");
        String assignments = String.join("\n", text.lines().map(plain).toList());
        UnitWords.environmentFile(assignments).forEach((name, value) -> {
            if (value.indexOf('$') >= 0) {
                unknown = "the file " + file + " puts variables together from others";
            } else if (overrules) {
                environment.put(name, value);
            } else {
                environment.putIfAbsent(name, value);
            }
        });
    }
}
