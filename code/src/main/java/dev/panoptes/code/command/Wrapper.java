package dev.panoptes.code.command;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that only starts the one after it, such as {@code sudo} or {@code tini}.
 *
 * @param verb word that must follow for it to be one ({@code poetry run}); empty where none
 * @param withValue its options that take the next word as their value
 * @param operands words of its own before the program, such as the duration of {@code timeout}
 * @param assigns true where {@code NAME=value} may stand before the program
 */
record Wrapper(String name, String verb, Set<String> withValue, int operands, boolean assigns) {
    private static final Map<String, Wrapper> ALL = Stream.of(
                    plain("exec", "-a"),
                    plain("nohup"),
                    plain("time", "-f", "-o"),
                    plain("setsid"),
                    plain("command"),
                    plain("builtin"),
                    plain("nice", "-n", "--adjustment"),
                    plain("ionice", "-c", "-n", "--class", "--classdata"),
                    plain("stdbuf", "-i", "-o", "-e"),
                    plain("numactl", "-m", "-N", "-C", "-p"),
                    plain("prlimit"),
                    plain("setpriv", "--reuid", "--regid", "--groups"),
                    plain("tini", "-p", "-e"),
                    plain("dumb-init", "-r", "--rewrite"),
                    plain("catatonit"),
                    plain("xvfb-run", "-n", "-s", "-f", "-e", "--server-num", "--server-args"),
                    plain("systemd-cat", "-t", "--identifier", "-p", "--priority"),
                    plain("systemd-inhibit"),
                    plain("caffeinate"),
                    plain("npx", "-p", "--package"),
                    plain("bunx"),
                    plain("opentelemetry-instrument"),
                    plain("ddtrace-run"),
                    new Wrapper("env", "", Set.of("-u", "--unset", "-C", "--chdir"), 0, true),
                    new Wrapper(
                            "sudo",
                            "",
                            Set.of("-u", "--user", "-g", "--group", "-h", "-p", "-C", "-D", "-r", "-t", "-U"),
                            0,
                            true),
                    new Wrapper("doas", "", Set.of("-u", "-C"), 0, false),
                    new Wrapper("runuser", "", Set.of("-u", "--user", "-g", "-G"), 0, false),
                    new Wrapper("timeout", "", Set.of("-k", "-s", "--kill-after", "--signal"), 1, false),
                    new Wrapper("chrt", "", Set.of("-T", "-P", "-D"), 1, false),
                    new Wrapper("taskset", "", Set.of(), 1, false),
                    new Wrapper("gosu", "", Set.of(), 1, false),
                    new Wrapper("su-exec", "", Set.of(), 1, false),
                    new Wrapper("flock", "", Set.of("-w", "--timeout", "-E"), 1, false),
                    run("poetry", "-C", "--directory", "-P", "--project"),
                    run(
                            "uv",
                            "--with",
                            "--python",
                            "-p",
                            "--extra",
                            "--group",
                            "--project",
                            "--directory",
                            "--env-file",
                            "--index",
                            "--package",
                            "--with-requirements",
                            "--with-editable"),
                    run("pipenv"),
                    run("pdm", "-p", "--project"),
                    run("rye"),
                    run("hatch", "-e", "--env"),
                    run("conda", "-n", "--name", "-p", "--prefix", "--cwd"),
                    run("mamba", "-n", "--name", "-p", "--prefix"),
                    run("micromamba", "-n", "--name", "-p", "--prefix"),
                    run("doppler", "-p", "-c", "-t", "--project", "--config", "--token"),
                    run("dotenv", "-f", "--file"),
                    new Wrapper("newrelic-admin", "run-program", Set.of(), 0, false),
                    new Wrapper("pnpm", "exec", Set.of(), 0, false),
                    new Wrapper("npm", "exec", Set.of(), 0, false))
            .collect(Collectors.toUnmodifiableMap(Wrapper::name, Function.identity()));

    Wrapper {
        withValue = Set.copyOf(withValue);
    }

    private static Wrapper plain(String name, String... withValue) {
        return new Wrapper(name, "", Set.of(withValue), 0, false);
    }

    private static Wrapper run(String name, String... withValue) {
        return new Wrapper(name, "run", Set.of(withValue), 0, false);
    }

    /**
     * Steps over the wrapper that stands here, if one does.
     *
     * @param program base name of the word that stands here
     * @param assigned gets the variables that it sets
     * @return true where one was stepped over
     */
    static boolean step(String program, Arguments arguments, Map<String, String> assigned) {
        Wrapper wrapper = ALL.get(program);
        if (wrapper == null || (!wrapper.verb.isEmpty() && !wrapper.isVerbAhead(arguments))) {
            return false;
        }
        arguments.next();
        arguments.skipOptions(wrapper.withValue);
        if (!wrapper.verb.isEmpty()) {
            arguments.next();
            arguments.skipOptions(wrapper.withValue);
        }
        if (wrapper.assigns) {
            arguments.takeAssignments(assigned);
        }
        for (int i = 0; i < wrapper.operands; i++) {
            arguments.next();
        }
        arguments.skipOptions(Set.of());
        return true;
    }

    private boolean isVerbAhead(Arguments arguments) {
        Arguments ahead = arguments.copy();
        ahead.next();
        ahead.skipOptions(withValue);
        return ahead.peek().equals(verb);
    }
}
