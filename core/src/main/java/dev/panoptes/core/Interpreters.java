package dev.panoptes.core;

import java.util.Locale;

/** Programs that run the code of other files. */
public final class Interpreters {
    private Interpreters() {}

    /** The family of an interpreter by its file name, without a version; empty for another program. */
    public static String family(String fileName) {
        return switch (withoutVersion(fileName)) {
            case "python", "pypy" -> "python";
            case "node", "nodejs" -> "node";
            case "java" -> "java";
            case "sh", "bash", "dash", "zsh", "ksh", "ash", "busybox" -> "sh";
            case "ruby", "jruby" -> "ruby";
            case "perl" -> "perl";
            case "php", "php-fpm", "php-cgi" -> "php";
            case "deno", "bun" -> "subcommand";
            default -> "";
        };
    }

    /** {@code python} of {@code python3.11}, lower case. */
    public static String withoutVersion(String fileName) {
        int end = fileName.length();
        while (end > 0 && "0123456789.-".indexOf(fileName.charAt(end - 1)) >= 0) {
            end--;
        }
        return fileName.substring(0, end).toLowerCase(Locale.ROOT);
    }
}
