package dev.panoptes.code;

/**
 * A source file of an agent.
 *
 * @param path below its code directory, {@code /}-separated
 * @param rootPath below the scan's root, {@code /}-separated
 * @param digest SHA-256, lower-case hex
 * @param codeLines lines that are neither blank nor only comment, as {@link CodeLines} counts them
 * @param lines a sample of those lines, by which directories are compared; {@link CodeLines} makes it in the same pass
 */
public record CodeFile(
        String path, String rootPath, Language language, String digest, int codeLines, LineSketch lines) {}
