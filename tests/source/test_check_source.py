"""Each rule of tools/check-source refuses a tree with its fault, and a sound tree passes."""
import os
import subprocess
import sys
import tempfile
import unittest

CHECK = os.path.join(os.path.dirname(__file__), '..', '..', 'tools', 'check-source')

HEADER = '''/* A thing. */
#ifndef LATENTSCAPE_NN_THING_H
#define LATENTSCAPE_NN_THING_H

/* One.  Thread: any. */
int ls_thing_one(void);
int ls_thing_two(int a,
                 int b);

#endif
'''
CODE = '''#include "latentscape/nn/thing.h"

#include "latentscape/core/rng.h"

static const char *const names[] = {"a", "b"};

/* sprintf( in a comment is no call */
int ls_thing_one(void)
{
    static const int one = 1;
    return one + (names[0] == "rand(");
}
'''
SOUND = {
    'include/latentscape/nn/thing.h': HEADER,
    'src/nn/thing.c': CODE,
    'src/nn/meson.build': "files('thing.c')\n",
    'tests/nn/test_thing.c': 'int main(void)\n{\n    return 0;\n}\n',
    'tests/nn/meson.build': "foreach noun : ['thing']\nendforeach\n",
    'docs/tour.md': 'See /usr/share/doc and and/or.\n',
}


def check(tree):
    """Returns (exit status, output) of check-source on a tree {path: text}."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), 'w', encoding='utf-8') as file:
                file.write(text)
        done = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr


class CheckSource(unittest.TestCase):
    def refused(self, path, text, expected, also=None):
        status, said = check({**SOUND, **(also or {}), path: text})
        self.assertEqual(status, 1, said)
        self.assertIn(f'{path}:', said)
        self.assertIn(expected, said)
        self.assertIn('\n1 faults in ', '\n' + said, 'one fault is told once, and nothing else')

    def source(self, layer, text, expected):
        """A fault in src/LAYER/other.c, which is listed."""
        self.refused(f'src/{layer}/other.c', text, expected,
                     {f'src/{layer}/meson.build': "files('thing.c', 'other.c')\n"})

    def test_a_sound_tree_passes(self):
        status, said = check(SOUND)
        self.assertEqual(status, 0, said)

    def test_an_empty_tree_is_refused(self):
        self.assertEqual(check({})[0], 1)

    def test_includes_against_the_layers_are_refused(self):
        against = [('core', 'nn/dense'), ('nn', 'vae/model'), ('vae', 'data/png'), ('data', 'nn/adam'),
                   ('train', 'ui/ui'), ('ui', 'vae/model'), ('ui', 'train/run'), ('ui', 'data/png'),
                   ('ui', 'nn/adam'), ('views', 'app/action'), ('app', 'cli/option')]
        for layer, noun in against:
            with self.subTest(layer=layer, noun=noun):
                what = f'{layer} may not include {noun.split("/")[0]}'
                self.source(layer, f'#include "{noun}.h"\n', what)
                self.source(layer, f'#include "latentscape/{noun}.h"\n', what)

    def test_includes_along_the_arrows_pass(self):
        for layer, noun in [('views', 'vae/model'), ('ui', 'core/rng'), ('app', 'views/view'),
                            ('cli', 'app/app'), ('train', 'data/png'), ('vae', 'core/rng')]:
            status, said = check({**SOUND, f'src/{layer}/other.c': f'#include "{noun}.h"\n',
                                  f'src/{layer}/meson.build': "files('thing.c', 'other.c')\n"})
            self.assertEqual(status, 0, said)

    def test_sdl_below_ui_is_refused(self):
        self.source('train', '#include <SDL.h>\n', 'train may not include SDL')

    def test_banned_functions_are_refused(self):
        for name in ('strcpy', 'sprintf', 'atoi', 'rand'):
            self.source('nn', f'int ls_a(void)\n{{\n    return {name}("a");\n}}\n',
                        f'{name}() is banned')

    def test_a_public_function_without_thread_label_is_refused(self):
        path = 'include/latentscape/nn/thing.h'
        bare = HEADER.replace('\n#endif', '\n/* Three. */\nLS_CHECKED int *ls_thing_three(void);\n\n#endif')
        self.refused(path, bare, 'ls_thing_three has no "Thread:"')

    def test_long_files_and_functions_are_refused(self):
        self.source('nn', '\n' * 601, 'the file has 601 lines')
        self.source('nn', 'int ls_a(void)\n{\n' + '    ;\n' * 78 + '}\n', 'ls_a has 81 lines')

    def test_a_name_without_its_layers_prefix_is_refused(self):
        self.source('ui', 'int ls_a(void)\n{\n    return 0;\n}\n', 'ls_a does not begin with ui_')

    def test_mutable_statics_are_refused(self):
        self.source('nn', 'static int count;\n', 'mutable static')
        self.source('nn', 'int ls_a(void)\n{\n    static int n = 0;\n    return n;\n}\n', 'mutable static')

    def test_unfinished_work_is_refused(self):
        self.source('nn', '/* TO' 'DO: later */\n', 'done, or gone')

    def test_loose_white_space_is_refused(self):
        self.source('nn', 'int a; \n', 'white space')
        self.source('nn', '\tint a;\n', 'a tab')
        self.source('nn', 'int a;', 'no newline')

    def test_paths_of_one_machine_are_refused(self):
        self.refused('docs/tour.md', 'See "/ho' 'me/ada/x".\n', 'a path of one machine')

    def test_documents_that_name_missing_files_are_refused(self):
        self.refused('docs/tour.md', 'See `src/nn/gone.c`.\n', 'there is no src/nn/gone.c')
        self.refused('docs/tour.md', '![A picture](gone.png)\n', 'there is no gone.png')

    def test_sources_that_no_build_file_lists_are_refused(self):
        self.refused('src/nn/other.c', '', 'not listed in any')
        self.refused('tests/nn/test_other.c', '', 'not listed in any')

    def test_two_files_of_one_name_are_refused(self):
        self.refused('src/vae/thing.c', '', 'has this name too',
                     {'src/vae/meson.build': "files('thing.c')\n"})


if __name__ == '__main__':
    unittest.main()
