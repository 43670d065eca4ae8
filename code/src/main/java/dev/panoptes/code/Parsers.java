package dev.panoptes.code;

import dev.panoptes.code.syntax.SourceText;
import dev.panoptes.code.tree.ParseResult;
import dev.panoptes.code.tree.Parser;
import dev.panoptes.code.tree.ParserUnavailable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The parsers of one thread, each opened when first needed. */
final class Parsers implements AutoCloseable {
    /** Ten times what the largest file that is read takes, for machines that are busy. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Map<Language, Parser> open = new EnumMap<>(Language.class);

    SourceText read(Language language, byte[] source) {
        try {
            return switch (parser(language).parse(source)) {
                case ParseResult.Parsed parsed -> SourceText.of(language, parsed.tree());
                case ParseResult.TooHard hard -> new SourceText(language, List.of(), hard.reason());
            };
        } catch (StackOverflowError e) {
            return new SourceText(language, List.of(), "nested too deeply to be read");
        } catch (ParserUnavailable e) {
            return new SourceText(language, List.of(), String.valueOf(e.getMessage()));
        }
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
