package dev.panoptes.integrity.declared;

/**
 * A source file of an agent.
 *
 * @param path below its code directory, {@code /}-separated
 * @param rootPath below the scan's root, {@code /}-separated
 * @param digest SHA-256, lower-case hex
 * @param codeLines lines that are neither blank nor only comment
 */
public record CodeFile(String path, String rootPath, Language language, String digest, int codeLines) {}
