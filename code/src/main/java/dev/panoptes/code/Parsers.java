package dev.panoptes.code;

import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.PythonOutline;
import dev.panoptes.code.syntax.SourceText;
import dev.panoptes.code.tree.ParseResult;
import dev.panoptes.code.tree.Parser;
import dev.panoptes.code.tree.ParserUnavailable;
import dev.panoptes.code.tree.SyntaxTree;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parsers of one thread, each opened when first needed. */
final class Parsers implements AutoCloseable {
    /** Ten times what the largest file that is read takes, for machines that are busy. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Map<Language, Parser> open = new EnumMap<>(Language.class);

    SourceText read(Language language, byte[] source) {
        try {
            PythonOutline outline = language == Language.PYTHON ? PythonOutline.of(source) : null;
            if (outline != null && parser(language).parse(outline.text()) instanceof ParseResult.Parsed parsed) {
                SyntaxTree tree = outline.placed(parsed.tree());
                if (tree != null) {
                    return SourceText.of(language, tree);
                }
            }
            return read(language, source, 0, source.length);
        } catch (StackOverflowError e) {
            return new SourceText(language, List.of(), "nested too deeply to be read");
        } catch (ParserUnavailable e) {
            return new SourceText(language, List.of(), String.valueOf(e.getMessage()));
        }
    }

    /** One function of a file; null where it is none or cannot be parsed. */
    @Nullable
    Function function(Language language, byte[] source, int start, int end) {
        if (start < 0 || start > end || end > source.length) {
            return null;
        }
        try {
            SourceText text = read(language, source, start, end);
            return text.incomplete().isEmpty() ? text.function() : null;
        } catch (StackOverflowError | ParserUnavailable e) {
            // Whoever called it is told that it cannot be read.
            return null;
        }
    }

    private SourceText read(Language language, byte[] source, int start, int end) throws ParserUnavailable {
        return switch (parser(language).parse(source, start, end)) {
            case ParseResult.Parsed parsed -> SourceText.of(language, parsed.tree());
            case ParseResult.TooHard hard -> new SourceText(language, List.of(), hard.reason());
        };
    }

    private Parser parser(Language language) throws ParserUnavailable {
        Parser parser = open.get(language);
        if (parser == null) {
            parser = Parser.open(language, DEADLINE);
            open.put(language, parser);
        }
        return parser;
    }

    @Override
    public void close() {
        open.values().forEach(Parser::close);
        open.clear();
    }
}
