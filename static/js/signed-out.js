// Whoever has signed out leaves nothing of what was typed in this browser.
import { forgetAll } from "./shadows.js";

forgetAll();
