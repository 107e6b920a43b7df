/** Names as Synthea writes them: with digits, so that nobody takes them for a real person's. */
export const femaleNames = (
  'Adela Agnes Alma Beatriz Bettina Carla Celia Clara Corinne Dalia Delphine Edith Elena Elsa Esther Fatima Flora Gail ' +
  'Greta Hanna Helen Ida Ilse Irene Jackie Joan Julia Karen Kitty Laura Leila Ludivina Magda Maria Mavis Mercedes Mina ' +
  'Nadia Nora Olga Paula Petra Rita Rosa Ruth Sofía Sonia Tamara Teresa Ursula Vera Verónica Wilma Yolanda Zelda'
).split(' ');
export const maleNames = (
  'Abel Adam Albert Alfonso Anton Arthur Bernard Boris Carl César Curt Damon David Edgar Elias Emil Ernst Felix Frank ' +
  'Gaston Georg Hans Harvey Hugo Igor Ivan Jakob Jamal José Karl Kevin Leon Louis Luis Manuel Marcus Maynard Nils ' +
  'Norbert Oscar Otto Pablo Paul Pedro Quentin Ralph Rolf Samuel Simon Stefan Theo Ulrich Victor Víctor Walter Yusuf'
).split(' ');
export const lastNames = (
  'Abernathy Anders Bahringer Balistreri Bartell Baumbach Becker Bergnaum Bode Borer Botello Braun Carter Casper Cole ' +
  'Conroy Cronin Crooks Cummerata Dach Deckow Dietrich Durgan Ebert Emard Fadel Fisher Frami Franecki Gerlach Goldner ' +
  'Gottlieb Graham Gutkowski Haag Hackett Hahn Harber Hartmann Hermann Hilpert Jacobi Jast Keebler Kihn Klocko Koch ' +
  'Kozey Kris Kuhn Langosh Ledner Lind Lockman Lueilwitz Marks Mayert McKenzie Mertz Mosciski Murray Nader Nikolaus ' +
  'Nitzsche Noriega Okuneva Olson Padberg Peña Pfeffer Pollich Prohaska Quigley Rath Reilly Rippin Rogahn Ruecker ' +
  'Schaden Schimmel Schmidt Schultz Senger Sipes Smitham Stamm Steuber Stroman Swift Torphy Toy Upton Veum Walsh Ward ' +
  'Weber Windler Wolff Yost Zieme Zulauf'
).split(' ');

export const streets = (
  'Abbott Annex Bayer Camp Crist Dock Fahey Ferry Glen Green Hill Isle Junction Kemmer Key Labadie Landing Mill Neck ' +
  'Orchard Park Quay Ridge River Row Spring Stamm Trail Union Valley View Way'
).split(' ');
export const streetKinds = ['Street', 'Avenue', 'Lane', 'Road', 'Underpass', 'Neck', 'Lock', 'Drive', 'Court', 'Way'];

/** Race and ethnicity with the shares of the 1K sample. */
export const origins = [
  { race: 'white', ethnicity: 'nonhispanic', weight: 879 },
  { race: 'white', ethnicity: 'hispanic', weight: 84 },
  { race: 'black', ethnicity: 'nonhispanic', weight: 60 },
  { race: 'asian', ethnicity: 'nonhispanic', weight: 69 },
  { race: 'black', ethnicity: 'hispanic', weight: 14 },
  { race: 'hawaiian', ethnicity: 'nonhispanic', weight: 17 },
  { race: 'other', ethnicity: 'nonhispanic', weight: 9 },
  { race: 'native', ethnicity: 'nonhispanic', weight: 4 },
] as const;

/** Births by decade in the 1K sample, and the share of them that has died. */
export const birthDecades = [
  { decade: 1910, weight: 60, dead: 0.82 },
  { decade: 1920, weight: 23, dead: 0.65 },
  { decade: 1930, weight: 32, dead: 0.47 },
  { decade: 1940, weight: 74, dead: 0.27 },
  { decade: 1950, weight: 114, dead: 0.15 },
  { decade: 1960, weight: 158, dead: 0.146 },
  { decade: 1970, weight: 147, dead: 0.068 },
  { decade: 1980, weight: 126, dead: 0.056 },
  { decade: 1990, weight: 140, dead: 0.036 },
  { decade: 2000, weight: 147, dead: 0.014 },
  { decade: 2010, weight: 117, dead: 0 },
  { decade: 2020, weight: 25, dead: 0 },
] as const;
