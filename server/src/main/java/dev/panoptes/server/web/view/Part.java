package dev.panoptes.server.web.view;

/** A piece of a sentence. @param tone empty for plain words; else {@code c}, {@code h}, {@code f}, {@code m} or {@code k} */
public record Part(String text, String tone) {
    public static Part of(String text) {
        return new Part(text, "");
    }
}
