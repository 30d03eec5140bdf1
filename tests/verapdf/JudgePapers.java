import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Judges PDF files with veraPDF, many in one virtual machine.
 *
 * In, on standard input, a line each: profiles with commas between them, tab, path; profiles are
 * named as veraPDF does (3a, 3b, ua1). Out, for each file, one line for every rule that it breaks
 * (profile, clause and test, tab, how often, tab, the first complaint) and then "=" alone.
 */
public final class JudgePapers {
    private JudgePapers() {}

    public static void main(String[] arguments) throws Exception {
        // What libraries print must not be taken for a verdict.
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8.name());
        System.setOut(System.err);
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader questions =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] asked = line.split("\t", 2);
            try {
                judge(profiles(asked[0]), new File(asked[1]), answers);
            } catch (Exception error) {
                answers.println("unreadable\t1\t" + said(String.valueOf(error)));
            }
            answers.println("=");
        }
    }

    private static List<PDFAFlavour> profiles(String names) {
        List<PDFAFlavour> found = new ArrayList<>();
        for (String name : names.split(",")) {
            found.add(PDFAFlavour.byFlavourId(name));
        }
        return found;
    }

    private static void judge(List<PDFAFlavour> profiles, File file, PrintStream answers)
            throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, profiles.get(0));
                PDFAValidator validator = Foundries.defaultInstance().createValidator(profiles)) {
            for (ValidationResult result : validator.validateAll(parser)) {
                tell(result, answers);
            }
        }
    }

    private static void tell(ValidationResult result, PrintStream answers) {
        String profile = result.getPDFAFlavour().getId();
        result.getFailedChecks().forEach((rule, count) -> {
            String complaint = "";
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getRuleId().equals(rule)
                        && assertion.getStatus() == TestAssertion.Status.FAILED) {
                    complaint = assertion.getMessage() + " @ "
                            + assertion.getLocation().getContext();
                    break;
                }
            }
            answers.println(profile + " " + rule.getClause() + "-" + rule.getTestNumber() + "\t"
                    + count + "\t" + said(complaint));
        });
        if (!result.isCompliant() && result.getFailedChecks().isEmpty()) {
            answers.println(profile + " unfinished\t1\t" + result.getJobEndStatus());
        }
    }

    private static String said(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
