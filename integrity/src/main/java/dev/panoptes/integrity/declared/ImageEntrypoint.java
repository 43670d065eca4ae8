package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images whose own entrypoint puts their program before a command that is none (their documentation). */
final class ImageEntrypoint {
    private record Rule(String program, String own) {}

    private static final Map<String, Rule> RULES = Map.of(
            "denoland/deno", new Rule("deno", "run|serve|task|eval|cache|compile|repl|install|test|-.*|.*\\.[jt]sx?"),
            "oven/bun", new Rule("bun", "run|x|install|i|start|dev|test|build|-.*|.*\\.[jt]sx?"));

    private ImageEntrypoint() {}

    /** The command as the image's entrypoint runs it. */
    static Invocation of(@Nullable String base, Invocation command) {
        Rule rule = base == null ? null : RULES.get(BaseImages.name(base));
        if (rule == null
                || command.shell()
                || command.words().isEmpty()
                || !command.words().getFirst().matches(rule.own())) {
            return command;
        }
        return new Invocation(
                before(rule.program(), command.words()),
                before(rule.program(), command.written()),
                false,
                command.open(),
                command.file(),
                command.line());
    }

    private static List<String> before(String program, List<String> words) {
        List<String> all = new ArrayList<>(List.of(program));
        all.addAll(words);
        return all;
    }
}
